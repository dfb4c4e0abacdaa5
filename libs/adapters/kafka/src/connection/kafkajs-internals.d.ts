/** As far as `calm-request-queue.ts` touches it; kafkajs declares no types for its own files. */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  interface RequestQueue {
    readonly pending: readonly unknown[];
    scheduleCheckPendingRequests: (this: RequestQueue) => void;
  }
  const requestQueue: { readonly prototype: RequestQueue };
  export default requestQueue;
}
