/** As far as our mends touch them; kafkajs declares no types for its own files. */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  interface RequestQueue {
    readonly pending: readonly unknown[];
    scheduleCheckPendingRequests: (this: RequestQueue) => void;
  }
  const requestQueue: { readonly prototype: RequestQueue };
  export default requestQueue;
}

declare module 'kafkajs/src/network/connection.js' {
  export interface Connection {
    readonly broker: string;
    readonly socket?: { destroy(error?: Error): unknown };
    chunks: Buffer[];
    bytesBuffered: number;
    bytesNeeded: number;
    isConnected(): boolean;
    connect: (this: Connection) => Promise<unknown>;
    disconnect: (this: Connection) => Promise<unknown>;
    processData: (this: Connection, data: Buffer) => void;
  }
  const connection: {
    readonly prototype: Connection;
    new (options: Record<string, unknown>): Connection;
  };
  export default connection;
}

/** Not among the names that Node finds in kafkajs when it is imported as it is. */
declare module 'kafkajs/src/errors.js' {
  const errors: {
    readonly KafkaJSConnectionError: new (message: string, options: { readonly broker: string }) => Error;
  };
  export default errors;
}
