import multipart from '@fastify/multipart';
import { MillraceError } from '@millrace/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { jsonExcess, longestNumber, maxDepth, maxValues } from '../json-bounds.ts';
import { hasLoneSurrogate } from '../lone-surrogates.ts';
import { isBinaryEvent } from './binary-event.ts';
import type { UploadedFile } from './route-request.ts';

export interface ParsedForm {
  /** Those whose names end in `[]` are lists. */
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
  readonly file: UploadedFile | undefined;
}

const excessive = {
  depth: `nested deeper than ${maxDepth}`,
  values: `it holds more than ${maxValues} values`,
  number: `a number has more than ${longestNumber} digits`,
};

const halfCharacter = 'a surrogate \\ud800 to \\udfff without its other half';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** JSON (UTF-8 only, at most 64 deep, at most 100,000 values) and multipart forms; everything else is `unsupported_media_type`. */
export async function registerBodyParsers(server: FastifyInstance, maxBodyBytes: number): Promise<void> {
  server.removeAllContentTypeParsers();
  const parseJson = server.getDefaultJsonParser('error', 'error');
  void server.addContentTypeParser(
    ['application/json', 'application/cloudevents+json'],
    { parseAs: 'buffer' },
    (request, body, done) => {
      if (!saysUtf8(request.headers['content-type']))
        return done(new MillraceError('unsupported_media_type', { detail: 'JSON is taken in UTF-8 only' }));
      const excess = jsonExcess(body as Buffer, { most: maxValues });
      if (excess) return done(new MillraceError('invalid_request', { detail: excessive[excess] }));
      const text = decode(body as Buffer);
      if (text === undefined) return done(new MillraceError('invalid_json', { detail: 'not UTF-8' }));
      // The headers alone may say it all.
      if (text === '' && isBinaryEvent(request.headers)) return done(null, undefined);
      void parseJson(request, text, (error, value: unknown) => {
        if (error) return done(jsonComplaint(text));
        if (hasLoneSurrogate(text, value))
          return done(new MillraceError('invalid_json', { detail: halfCharacter }));
        done(null, value);
      });
    },
  );
  await server.register(multipart, {
    limits: { fileSize: maxBodyBytes, files: 1, fields: 32, fieldSize: 1_048_576, parts: 33 },
  });
}

export async function readForm(request: FastifyRequest): Promise<ParsedForm> {
  try {
    return await readParts(request);
  } catch (error) {
    throw isMalformed(error)
      ? new MillraceError('invalid_request', { detail: `not a whole multipart form: ${error.message}` })
      : error;
  }
}

/** What the parser says of a form that is broken: its other errors have a code. */
const isMalformed = (error: unknown): error is Error =>
  error instanceof Error && error.constructor === Error && !('code' in error);

async function readParts(request: FastifyRequest): Promise<ParsedForm> {
  const fields: Record<string, string | string[]> = {};
  let file: UploadedFile | undefined;
  for await (const part of request.parts())
    if (part.type === 'file') {
      if (part.fieldname !== 'file')
        throw new MillraceError('invalid_request', {
          param: part.fieldname,
          detail: 'the file part is named file',
        });
      file = { filename: part.filename, mediaType: part.mimetype, bytes: await part.toBuffer() };
    } else addField(fields, part.fieldname, String(part.value));
  return { fields, file };
}

function addField(fields: Record<string, string | string[]>, name: string, value: string): void {
  if (name.endsWith('[]')) fields[name] = [...(fields[name] ?? []), value];
  else if (!Object.hasOwn(fields, name)) fields[name] = value;
  else throw new MillraceError('invalid_request', { param: name, detail: 'the form has it twice' });
}

function decode(body: Buffer): string | undefined {
  try {
    return utf8.decode(body);
  } catch {
    return undefined;
  }
}

/** JSON between systems is UTF-8 (RFC 8259, section 8.1): what names another charset would be read wrongly. */
const saysUtf8 = (type = ''): boolean =>
  /^utf-?8$/i.test(/;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type)?.[1] ?? 'utf-8');

/** Fastify does not say what is wrong. V8 names the position; what stands there may be content and is left out. */
function jsonComplaint(text: string): MillraceError {
  try {
    JSON.parse(text);
  } catch (error) {
    const place = /position \d+(?: \(line \d+ column \d+\))?/.exec(String(error))?.[0];
    return new MillraceError('invalid_json', { detail: place ?? 'not JSON' });
  }
  return new MillraceError('invalid_request', {
    detail: 'the keys __proto__ and constructor.prototype are not accepted',
  });
}
