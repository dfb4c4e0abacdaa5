import { MillraceError } from '@millrace/contracts';
import { Stop } from '../toolchain/stop.mjs';
import { list } from './list.ts';
import { ModelPlaces } from './model-places.ts';
import type { ModelsRequest } from './models-request.ts';
import { pull } from './pull.ts';
import { verify } from './verify.ts';

/** As shells report Ctrl-C. */
const interrupted = 130;

const actions = { list, pull, verify };

/** What `millrace models ...` loads: the catalogue is not the business of a client. Resolves with the exit code. */
export async function models(action: keyof typeof actions, request: ModelsRequest): Promise<number> {
  try {
    return await actions[action](await ModelPlaces.open(), request);
  } catch (error) {
    if (!(error instanceof MillraceError || error instanceof Stop)) throw error;
    const stopped = error instanceof MillraceError && error.code === 'cancelled';
    console.error(stopped ? 'Stopped. The next pull goes on from here.' : error.message);
    return stopped ? interrupted : 1;
  }
}
