import { Inject, Injectable } from '@nestjs/common';
import { events, type EventData } from '@millrace/contracts';
import { HandleEvent } from '@millrace/platform';
import { REGISTRY, type NewAuditEntry, type Registry } from '@millrace/ports';

type Completed = EventData<typeof events.answerCompleted>;

/** Writes down what moderation did to answers, each once. What it only flagged is counted beside that, not by itself. */
@Injectable()
export class ModerationTrail {
  constructor(@Inject(REGISTRY) private readonly registry: Registry) {}

  @HandleEvent(events.answerCompleted, { group: 'control.audit', keysAtOnce: 8 })
  async completed(event: Completed): Promise<void> {
    const entry = moderationEntry(event);
    if (entry) await this.registry.audit.appendOnce(entry);
  }
}

/** Undefined where nothing was blocked or redacted. */
export function moderationEntry(event: Completed): NewAuditEntry | undefined {
  const { tenant, requestId, answer, outcome, policy, findings = [] } = event;
  const enforced = findings.filter(({ action }) => action === 'block' || action === 'redact');
  if (enforced.length === 0) return undefined;
  const isBlocked = enforced.some(({ action }) => action === 'block');
  return {
    ...{ tenant, at: Date.parse(event.at), actor: { name: 'moderation' }, action: 'answer.moderate' },
    object: answer === undefined ? `request:${requestId}` : `answer:${answer}`,
    outcome: isBlocked ? 'blocked' : 'redacted',
    details: {
      answer: outcome,
      ...(policy !== undefined && { policy }),
      findings: enforced.map(({ direction, category, action = 'block' }) => ({
        direction,
        category,
        action,
      })),
      flagged: findings.filter(({ action }) => action === 'flag').length,
    },
  };
}
