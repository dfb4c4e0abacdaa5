/**
 * A space is what one tenant has in one collection: every row and every posting belongs to one.
 *
 * Staged chunks wait whole in `staged`; publishing moves them into the tables that searches read. Vectors lie in a
 * plain table, not in `vec0`: sqlite-vec's functions over it were as exact, five to ten times faster under a filter,
 * and cost a small tenant no pre-allocated block (see the README for the figures).
 *
 * `chunk.id` is `sequence * 4096 + terms`, so that a posting of the text index already tells the chunk's length,
 * which BM25 needs for every posting.
 */
export const migrations = [
  `
  CREATE TABLE collection (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    dims INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE space (
    id INTEGER PRIMARY KEY,
    collection INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    chunks INTEGER NOT NULL DEFAULT 0,
    terms INTEGER NOT NULL DEFAULT 0, -- of all chunks
    UNIQUE (collection, tenant)
  ) STRICT;
  CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    space INTEGER NOT NULL,
    name TEXT NOT NULL,
    live INTEGER, -- the visible version
    tombstone INTEGER NOT NULL DEFAULT 0, -- versions up to this one never come back
    UNIQUE (space, name)
  ) STRICT;
  CREATE TABLE staged (
    document INTEGER NOT NULL,
    version INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    content TEXT NOT NULL,
    terms TEXT NOT NULL,
    metadata TEXT NOT NULL,
    acl TEXT NOT NULL,
    embedding BLOB NOT NULL,
    PRIMARY KEY (document, version, uuid)
  ) STRICT;
  CREATE TABLE chunk (
    id INTEGER PRIMARY KEY,
    document INTEGER NOT NULL,
    version INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    facet INTEGER NOT NULL,
    content TEXT NOT NULL
  ) STRICT;
  CREATE INDEX chunk_document ON chunk (document, ordinal);
  CREATE TABLE vector (
    id INTEGER PRIMARY KEY, -- the chunk's
    space INTEGER NOT NULL,
    facet INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    outline BLOB, -- the sign of every dimension as a bit
    embedding BLOB NOT NULL -- float32, unit length
  ) STRICT;
  CREATE INDEX vector_space ON vector (space, facet, outline);
  -- What filters and access lists look at, once for all chunks of a document that have it in common.
  CREATE TABLE facet (
    id INTEGER PRIMARY KEY,
    space INTEGER NOT NULL,
    document INTEGER NOT NULL,
    restricted INTEGER NOT NULL, -- 1: has an access list
    metadata TEXT NOT NULL
  ) STRICT;
  CREATE INDEX facet_space ON facet (space, restricted);
  CREATE INDEX facet_document ON facet (document);
  CREATE TABLE fact (
    space INTEGER NOT NULL,
    key TEXT NOT NULL,
    value ANY NOT NULL, -- number, text, or a boolean as a blob of one byte
    facet INTEGER NOT NULL,
    PRIMARY KEY (space, key, value, facet)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX fact_facet ON fact (facet);
  CREATE TABLE access (
    space INTEGER NOT NULL,
    entry TEXT NOT NULL,
    facet INTEGER NOT NULL,
    PRIMARY KEY (space, entry, facet)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX access_facet ON access (facet);
  CREATE VIRTUAL TABLE text_index USING fts5 (terms, content = '', contentless_delete = 1, tokenize = 'ascii');
  CREATE VIRTUAL TABLE posting USING fts5vocab ('text_index', 'instance');
  `,
  `
  CREATE TABLE unswept ( -- a row for each erasure whose words may still be in the text index's file
    sweep INTEGER -- 1: covered by the sweep that has begun
  ) STRICT;
  `,
  `
  -- AUTOINCREMENT: no other collection gets the id of a dropped one, of which something may be left.
  CREATE TABLE numbered (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    dims INTEGER NOT NULL
  ) STRICT;
  INSERT INTO numbered SELECT id, name, dims FROM collection;
  DROP TABLE collection;
  ALTER TABLE numbered RENAME TO collection;
  CREATE TABLE dropped ( -- collections that no call meets any more and that are not cleared away yet
    collection INTEGER PRIMARY KEY
  ) STRICT;
  `,
];
