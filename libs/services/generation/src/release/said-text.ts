import type { CallOutput, calls, ChatCompletionRequest } from '@millrace/contracts';

type Message = ChatCompletionRequest['messages'][number];
type Redactions = NonNullable<CallOutput<typeof calls.moderate>['redactions']>;

interface Piece {
  readonly message: number;
  /** Undefined: the message is a text. */
  readonly part?: number;
  readonly text: string;
  readonly start: number;
}

/** Everything that the user said in a conversation, and tools on his behalf, as one text: what moderation has to see. */
export class SaidText {
  readonly text: string;
  private readonly pieces: readonly Piece[];

  constructor(private readonly messages: readonly Message[]) {
    const pieces: Piece[] = [];
    let text = '';
    for (const [message, { role, content }] of messages.entries()) {
      if (!saying.has(role)) continue;
      const parts = typeof content === 'string' ? [content] : (content ?? []).map((part) => part.text ?? '');
      for (const [part, said] of parts.entries()) {
        if (pieces.length > 0) text += part === 0 ? '\n\n' : '\n';
        pieces.push({
          ...{ message, text: said, start: text.length },
          ...(typeof content !== 'string' && { part }),
        });
        text += said;
      }
    }
    this.text = text;
    this.pieces = pieces;
  }

  /** The conversation, what was redacted in it replaced. What reaches over several texts is told of in the first. */
  with(redactions: Redactions): Message[] {
    const messages = [...this.messages];
    let before = 0;
    for (const piece of this.pieces) {
      const said = replaced(piece, redactions, before);
      if (said !== piece.text) messages[piece.message] = saidIn(messages[piece.message]!, piece, said);
      before = piece.start + piece.text.length;
    }
    return messages;
  }
}

const saying: ReadonlySet<Message['role']> = new Set(['user', 'tool', 'function']);

/** @param before where the piece before ended: what begins behind it is told of here */
function replaced({ text, start }: Piece, redactions: Redactions, before: number): string {
  let said = '';
  let at = 0;
  for (const redaction of redactions) {
    const from = Math.max(redaction.start - start, 0);
    const end = Math.min(redaction.end - start, text.length);
    if (end <= from) continue;
    said += text.slice(at, from) + (redaction.start >= before ? redaction.text : '');
    at = end;
  }
  return said + text.slice(at);
}

function saidIn(message: Message, { part }: Piece, text: string): Message {
  const { content } = message;
  if (part === undefined || !Array.isArray(content)) return { ...message, content: text };
  return { ...message, content: content.map((own, at) => (at === part ? { ...own, text } : own)) };
}
