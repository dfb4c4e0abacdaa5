import { authorization } from './access-key.ts';
import { target, type Answer } from './client.ts';
import { problemOf, unreachable } from './problem.ts';

/** Sends a file; with an id it replaces that document, without one a new document is made. `onProgress`: 0 to 1. */
export function upload(
  file: Blob,
  name: string,
  id: string | undefined,
  onProgress: (share: number) => void,
): Promise<Answer<'putDocument'>> {
  // XMLHttpRequest, because fetch does not tell how much was sent.
  const request = new XMLHttpRequest();
  const key = authorization();
  const { method, url } = id === undefined ? target('postDocument') : target('putDocument', id);
  return new Promise((resolve, reject) => {
    request.open(method, url);
    for (const [header, value] of Object.entries(key)) request.setRequestHeader(header, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onerror = () => reject(unreachable());
    request.onload = () => {
      const body = parse(request.responseText);
      if (request.status < 300) resolve(body as Answer<'putDocument'>);
      else reject(problemOf(body, request.status, 'authorization' in key));
    };
    const form = new FormData();
    form.set('file', file, name);
    request.send(form);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
