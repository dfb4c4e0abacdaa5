import { structured, TopicProducer } from '../outside/topic-producer.ts';
import { putBody, type Operation, type Sender } from './sender.ts';

/**
 * Events in `documents.v1`: acknowledged when the log has them. One that is sent again has the same source and id, so it
 * is done once.
 */
export class TopicSender implements Sender {
  readonly once = true;
  readonly deletesUnknown = true;

  private constructor(private readonly producer: TopicProducer) {}

  static async open(installation: string): Promise<TopicSender> {
    return new TopicSender(await TopicProducer.open(installation));
  }

  async send(document: string, operation: Operation): Promise<'acknowledged'> {
    const { kind, edition } = operation;
    await this.producer.send(
      structured(`default/${document}`, {
        ...{ specversion: '1.0', id: String(edition), source: '/kill-wall' },
        type: `millrace.document.${kind === 'put' ? 'upsert' : 'delete'}.v1`,
        ...(kind === 'put' && { data: putBody(document, operation) }),
      }),
    );
    return 'acknowledged';
  }

  behind(): Promise<number> {
    return this.producer.lag();
  }

  close(): Promise<void> {
    return this.producer.close();
  }
}
