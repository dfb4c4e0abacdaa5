import { z } from 'zod';

// The JSON format of CloudEvents 1.0 (github.com/cloudevents/spec, v1.0.2: spec.md and formats/json-format.md).

/** The type system's String: no control characters, no halves of surrogate pairs, no noncharacters. */
const plainText = /^[^\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]*$/u;

/** RFC 3339, section 5.6: `T` and `Z` in either case, a leap second allowed. */
const instantPattern =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

function isInstant(text: string): boolean {
  const [, year, month, day] = instantPattern.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
/** RFC 2046: `type/subtype` with parameters. */
const mediaType = new RegExp(
  `^${token}/${token}(?:\\s*;\\s*${token}=(?:${token}|"(?:[^"\\\\]|\\\\.)*"))*\\s*;?$`,
);

/** What RFC 3986 keeps out of a reference; letters of other languages are let through (RFC 3987). */
const outsideReferences = String.raw`\s<>"{}|\\^\x60`;
const reference = new RegExp(`^[^${outsideReferences}]+$`);
const uri = new RegExp(`^[A-Za-z][A-Za-z0-9+.-]*:[^${outsideReferences}]*$`);

const noControls = 'must not contain control characters';
const text = z.string().min(1).regex(plainText, noControls);

/** The members that the specification names. Absent, or null, where optional. */
const members = {
  specversion: z.literal('1.0', 'must be "1.0"'),
  /** Unique within `source`: the same `source` and `id` again is the same event again. */
  id: text,
  /** URI reference to where the event comes from. */
  source: text.regex(reference, 'must be a URI reference'),
  type: text,
  subject: text.optional(),
  /** RFC 3339. */
  time: z
    .string()
    .refine(isInstant, 'must be an RFC 3339 time with seconds and offset')
    .meta({ format: 'date-time' })
    .optional(),
  /** RFC 2046; JSON when absent. */
  datacontenttype: z.string().regex(mediaType, 'must be a media type such as application/json').optional(),
  dataschema: text.regex(uri, 'must be an absolute URI').optional(),
  data: z.unknown().optional(),
  /** Bytes instead of `data`. */
  data_base64: z.base64('must be Base64').optional(),
};

const extensionName = /^[a-z0-9]+$/;
const extension = z.union([z.string().regex(plainText, noControls), z.boolean(), z.int32()]);

/** Names of extensions and their values, as JSON Schema says it. */
export const extensions = {
  propertyNames: { pattern: `^(?:[a-z0-9]+|data_base64)$` },
  additionalProperties: { type: ['string', 'boolean', 'integer', 'null'] },
};

/** The attributes of an event; `extend` it by a type and its data, then hold it to the format with `cloudEventOf`. */
export const cloudEventMembers = z.looseObject(members);

/**
 * A schema of CloudEvents held to the whole format: null counts as absent, extensions have plain names and values,
 * and `data` and `data_base64` exclude each other.
 * @param prepare what else is made of the members before the schema sees them
 */
export const cloudEventOf = <S extends z.ZodType>(
  schema: S,
  prepare: (event: Members, context: z.core.$RefinementCtx) => Members = (event) => event,
) =>
  z.preprocess((input, context) => {
    if (!isObject(input)) return input;
    const event = withoutNulls(input);
    refuseDoubleData(event, context);
    refuseStrangeExtensions(event, context);
    return prepare(event, context);
  }, schema);

export type Members = Readonly<Record<string, unknown>>;

/** Any CloudEvent. */
export const cloudEvent = cloudEventOf(cloudEventMembers.meta(extensions));

/** `application/cloudevents-batch+json`. Millrace takes none; whoever publishes for it may read them. */
export const cloudEventBatch = z.array(cloudEvent);

export const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** True when the data is JSON: said so, or nothing said. */
export const isJsonType = (datacontenttype: unknown): boolean =>
  datacontenttype === undefined ||
  (typeof datacontenttype === 'string' && /^[^;]*[/+]json\s*(?:;|$)/i.test(datacontenttype));

const withoutNulls = (event: Members): Members =>
  Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null));

function refuseDoubleData(event: Members, context: z.core.$RefinementCtx): void {
  if ('data' in event && 'data_base64' in event)
    context.addIssue({ code: 'custom', path: ['data_base64'], message: 'excludes data: send one of them' });
}

function refuseStrangeExtensions(event: Members, context: z.core.$RefinementCtx): void {
  for (const [name, value] of Object.entries(event)) {
    if (Object.hasOwn(members, name)) continue;
    if (!extensionName.test(name))
      context.addIssue({
        code: 'custom',
        path: [name],
        message: 'names of attributes are lower-case letters and digits',
      });
    else if (!extension.safeParse(value).success)
      context.addIssue({
        code: 'custom',
        path: [name],
        message: 'an extension is a string, a boolean or a 32-bit integer',
      });
  }
}
