import { readFileSync } from 'node:fs';
import { moderationCategories, type CategorySpec } from '@millrace/contracts';
import { code, section, table } from '../markdown.ts';

/** `docs/moderation.md` with its table of categories. */
export const moderationPage = (): string =>
  section(
    readFileSync('docs/moderation.md', 'utf8'),
    'categories',
    table(
      ['Category', 'What stands in its place', 'In questions', 'In answers', 'In documents', 'Found by'],
      Object.entries<CategorySpec>(moderationCategories).map(
        ([name, { label, foundBy, input, output, document }]) => [
          code(name),
          code(`[redacted: ${label}]`),
          ...(foundBy.length > 0
            ? [input, output, document, foundBy.join(', ')]
            : ['nothing', 'nothing', 'nothing', 'nothing looks for it yet']),
        ],
      ),
    ),
  );
