import { flag, whole } from '../config/server-settings.ts';
import { defineSettings } from '../config/settings.ts';

export const driftSettings = defineSettings('drift', {
  enabled: {
    schema: flag.default(true),
    reason: 'Whether questions, scores and documents are compared with what they were: docs/drift.md.',
  },
  samples: {
    schema: whole(20, 500).default(200),
    reason:
      'Samples in a window. More find smaller changes, and later where little is asked; memory and time of a comparison grow with them.',
  },
  minutes: {
    schema: whole(0, 10_080).default(60),
    unit: 'min',
    reason:
      'How long a window lasts at least: where much is asked, its samples are drawn from all of that time. A day (1440) where what is asked by night differs from what is asked by day.',
  },
  oneFalseAlarmIn: {
    schema: whole(100, 10_000).default(1000),
    reason:
      'Comparisons without drift of which one at most, on average, is an alarm: of one an hour one in 41 days, for each kind and process. Higher: fewer false alarms, smaller changes are missed, and a comparison takes longer.',
  },
});
