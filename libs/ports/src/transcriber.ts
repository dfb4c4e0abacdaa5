import type { MillraceError } from '@millrace/contracts';

/**
 * Speech to text for whole recordings, decoded and run outside the service's own process.
 * Rejects with `unreadable_audio`, `audio_too_long`, `queue_full`, `models_missing`.
 */
export interface Transcriber {
  readonly model: string;
  transcribe(recording: Recording, signal?: AbortSignal): Promise<Transcript>;
  health(): TranscriberHealth;
  close(): Promise<void>;
}

export interface TranscriberHealth {
  readonly ready: boolean;
  /** The execution provider that won the probe. */
  readonly provider: string;
  /** Why it is not ready, where that is known. */
  readonly fault?: MillraceError | undefined;
}

export interface Recording {
  readonly bytes: Uint8Array;
  readonly filename?: string | undefined;
}

export interface Transcript {
  readonly text: string;
  /** Seconds of audio. */
  readonly duration: number;
  readonly language: string;
  /** Speech between pauses; times in seconds from the start. */
  readonly segments: readonly { readonly start: number; readonly end: number; readonly text: string }[];
}
