import { useEffect, useRef } from 'react';
import type { Answer } from '../api/client.ts';
import type { PassageRef } from '../router/location.ts';
import { Notice } from '../shared/notice.tsx';
import { cutPassage } from './passage.ts';

interface Props {
  readonly content: Answer<'getContent'>;
  readonly passage: PassageRef;
}

export function DocumentText({ content, passage: { version, start, end } }: Props) {
  const mark = useRef<HTMLElement>(null);
  const { before, passage, after, cut } = cutPassage(content.text, start, end);
  useEffect(() => {
    void mark.current?.scrollIntoView({ block: 'center' });
  }, []);
  return (
    <>
      {version !== undefined && version !== content.version && (
        <Notice kind="info">
          The document has changed since: this is version {content.version}, the passage is of version{' '}
          {version} and may stand elsewhere now.
        </Notice>
      )}
      {/* Focusable, so that the keyboard can scroll it. */}
      <div className="document-text" tabIndex={0} role="region" aria-label="Text of the document">
        {cut && before.length > 0 && (
          <p className="hint">The document is long: its beginning or end is left out.</p>
        )}
        {before}
        {passage && <mark ref={mark}>{passage}</mark>}
        {after}
      </div>
    </>
  );
}
