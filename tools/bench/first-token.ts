import { createParser } from 'eventsource-parser';

/** Milliseconds until the first content of a streamed chat completion; reads it to its end. */
export async function firstToken(
  base: string,
  body: object,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  const url = `${base}/chat/completions`;
  const started = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    signal,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ ...body, stream: true }),
  });
  if (!response.ok || !response.body) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  let first: number | undefined;
  const parser = createParser({
    onEvent: ({ data }) => {
      if (first === undefined && hasContent(data)) first = performance.now() - started;
    },
  });
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) parser.feed(part);
  if (first === undefined) throw new Error(`${url}: the answer had no content`);
  return first;
}

function hasContent(data: string): boolean {
  if (data === '[DONE]') return false;
  const { choices } = JSON.parse(data) as { choices?: { delta?: { content?: string } }[] };
  return Boolean(choices?.[0]?.delta?.content);
}
