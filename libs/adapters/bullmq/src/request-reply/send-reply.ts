import { MillraceError } from '@millrace/contracts';
import type { Redis } from 'ioredis';
import { encode, toErrorMessage, type LargeReply, type ReplyMessage } from './messages.ts';

/**
 * Characters of JSON up to which a reply is published. Redis drops a listener that has 32 MB waiting for it, or 8 MB
 * for a minute, and with it the replies to all its calls; larger replies wait in keys.
 */
const maxPublished = 256 * 1024;
/** How long a large reply waits to be fetched. */
const fetchedWithinMs = 30_000;

export async function sendReply(
  redis: Redis,
  channel: string,
  id: string,
  reply: ReplyMessage,
): Promise<void> {
  const message = encodeOrRefuse(id, reply);
  if (message.length <= maxPublished) {
    await redis.publish(channel, message);
    return;
  }
  const key = `${channel}:${id}`;
  const large: LargeReply = { id, key };
  await Promise.all([
    redis.set(key, message, 'PX', fetchedWithinMs),
    redis.publish(channel, JSON.stringify(large)),
  ]);
}

/** What cannot be sent becomes the error that says so. */
function encodeOrRefuse(id: string, reply: ReplyMessage): string {
  try {
    return encode(reply);
  } catch (error) {
    return encode({ id, error: toErrorMessage(MillraceError.from(error)) });
  }
}
