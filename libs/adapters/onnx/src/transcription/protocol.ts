import type { TranscriptionManifest } from '../catalogue/entry.ts';
import type { Provider } from '../runtime/session.ts';
import type { DecodeLimits } from './audio/decode-recording.ts';

export interface TranscriberStart {
  /** Folder of the speech model. */
  readonly speechDir: string;
  /** The voice activity model. */
  readonly voiceFile: string;
  readonly manifest: TranscriptionManifest;
  readonly providers: readonly Provider[];
  readonly limits: DecodeLimits;
  /** Steps to give way to other processes by, 0 to 19. */
  readonly niceness: number;
}

export interface TranscriberHello {
  readonly provider: Provider;
}

/** The file as it was sent. */
export type TranscriberRequest = Uint8Array;
