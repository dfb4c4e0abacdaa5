import { MillraceError, type ErrorCode } from '@millrace/contracts';

/** The code a promise rejects with; `undefined` when it does not reject, or with something else. */
export const errorCode = async (promise: Promise<unknown>): Promise<ErrorCode | undefined> => {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return error instanceof MillraceError ? error.code : undefined;
  }
};
