/** Every format that is read, with the names senders use for it. The first media type is the one reported. */
export const formatNames = {
  text: { mediaTypes: ['text/plain'], extensions: ['txt', 'text', 'log', 'srt', 'vtt', 'tex', 'rst', 'org'] },
  markdown: { mediaTypes: ['text/markdown', 'text/x-markdown'], extensions: ['md', 'markdown', 'mdx'] },
  asciidoc: { mediaTypes: ['text/asciidoc', 'text/x-asciidoc'], extensions: ['adoc', 'asciidoc'] },
  html: { mediaTypes: ['text/html', 'application/xhtml+xml'], extensions: ['html', 'htm', 'xhtml'] },
  svg: { mediaTypes: ['image/svg+xml'], extensions: ['svg'] },
  csv: {
    mediaTypes: ['text/csv', 'text/tab-separated-values', 'application/csv'],
    extensions: ['csv', 'tsv', 'tab'],
  },
  json: {
    mediaTypes: ['application/json', 'application/x-ndjson', 'application/jsonl', 'application/ld+json'],
    extensions: ['json', 'jsonl', 'ndjson', 'geojson'],
  },
  eml: { mediaTypes: ['message/rfc822'], extensions: ['eml'] },
  code: {
    mediaTypes: [
      'text/x-source',
      'application/xml',
      'text/xml',
      'application/yaml',
      'text/yaml',
      'application/toml',
      'text/javascript',
      'application/javascript',
      'text/css',
    ],
    extensions: (
      'c cc cpp cs css cxx go gradle groovy h hpp ini java js jsx kt kts lua m mjs php pl properties proto ps1 py ' +
      'r rb rs scala sh sql swift tf toml ts tsx vue xml xsd xsl yaml yml'
    ).split(' '),
  },
  pdf: { mediaTypes: ['application/pdf'], extensions: ['pdf'] },
  docx: {
    mediaTypes: ['application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    extensions: ['docx', 'docm', 'dotx'],
  },
  pptx: {
    mediaTypes: ['application/vnd.openxmlformats-officedocument.presentationml.presentation'],
    extensions: ['pptx', 'pptm', 'ppsx'],
  },
  xlsx: {
    mediaTypes: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    extensions: ['xlsx', 'xlsm', 'xltx'],
  },
} as const satisfies Record<string, { mediaTypes: readonly string[]; extensions: readonly string[] }>;

export type FormatName = keyof typeof formatNames;

const binary: ReadonlySet<FormatName> = new Set(['pdf', 'docx', 'pptx', 'xlsx']);
export const isBinary = (format: FormatName): boolean => binary.has(format);

const byMediaType = new Map<string, FormatName>();
const byExtension = new Map<string, FormatName>();
for (const [name, { mediaTypes, extensions }] of Object.entries(formatNames)) {
  for (const type of mediaTypes) byMediaType.set(type, name as FormatName);
  for (const extension of extensions) byExtension.set(extension, name as FormatName);
}

/** A specific media type, else the name's ending, else plain text when the sender says so; undefined: unknown. */
export function declaredFormat(mediaType?: string, filename?: string): FormatName | undefined {
  const byType = byMediaType.get(mediaType?.split(';')[0]?.trim().toLowerCase() ?? '');
  if (byType && byType !== 'text') return byType;
  const ending = /\.([^./\\]+)$/.exec(filename ?? '')?.[1]?.toLowerCase() ?? '';
  return byExtension.get(ending) ?? byType;
}
