import type { Citation } from '@millrace/contracts';
import { createElement, useMemo, type ReactNode } from 'react';
import { openDocument } from '../router/use-location.ts';
import { straight } from '../shared/straight.ts';
import { answerTree, type AnswerNode } from './answer-tree.ts';

interface Props {
  readonly text: string;
  readonly sources: readonly Citation[];
}

/** An answer, whose `[n]` open the passage they cite. */
export function AnswerText({ text, sources }: Props) {
  const nodes = useMemo(() => {
    const byIndex = new Map(sources.map((citation) => [citation.index, citation]));
    return drawn(answerTree(text, new Set(byIndex.keys())), byIndex);
  }, [text, sources]);
  return <div className="answer-text">{nodes}</div>;
}

function drawn(nodes: readonly AnswerNode[], sources: ReadonlyMap<number, Citation>): ReactNode[] {
  return nodes.map((node, key) => {
    if (typeof node === 'string') return node;
    if (typeof node === 'number') return <CitationButton key={key} citation={sources.get(node)!} />;
    const { tag, href, start, children } = node;
    const link = href !== undefined && { href, target: '_blank', rel: 'noreferrer' };
    return createElement(tag, { key, start, ...link }, ...drawn(children, sources));
  });
}

function CitationButton({ citation }: { readonly citation: Citation }) {
  const { index, url_citation, document_id: id, version, start, end } = citation;
  return (
    <button
      type="button"
      className="citation"
      aria-label={`Source ${index}: ${url_citation.title}`}
      title={straight(url_citation.title)}
      onClick={() => openDocument({ id, version, start, end })}
    >
      {index}
    </button>
  );
}
