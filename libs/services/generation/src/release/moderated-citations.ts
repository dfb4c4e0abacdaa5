import type { Citation } from '@millrace/contracts';
import type { Moderate } from './held-text.ts';
import { moderatedText } from './moderated-text.ts';

/**
 * Citations as they may leave: what they quote goes through moderation like the answer itself, each text once. Of a
 * text that is blocked nothing is left. `start` and `end` still say where the passage stands in the document.
 */
export async function moderatedCitations(
  citations: readonly Citation[],
  tenant: string,
  moderate: Moderate,
): Promise<Citation[]> {
  const asked = new Map<string, Promise<string>>();
  const clean = (text: string): Promise<string> => {
    const known = asked.get(text) ?? moderatedText(text, tenant, moderate);
    asked.set(text, known);
    return known;
  };
  return Promise.all(
    citations.map(async (citation) => {
      const [text, title] = await Promise.all([clean(citation.text), clean(citation.url_citation.title)]);
      return {
        ...citation,
        url_citation: { ...citation.url_citation, title: title || citation.document_id },
        text,
      };
    }),
  );
}
