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

declare module 'kafkajs/src/protocol/decoder.js' {
  interface Decoder {
    readVarInt: (this: Decoder) => number;
    readVarIntArray: <T>(this: Decoder, reader: (decoder: Decoder) => T) => T[];
  }
  const decoder: {
    readonly prototype: Decoder;
    new (buffer: Buffer): Decoder;
  };
  export default decoder;
}

declare module 'kafkajs/src/protocol/recordBatch/record/v0/decoder.js' {
  import type Decoder from 'kafkajs/src/protocol/decoder.js';
  const decodeRecord: (
    decoder: InstanceType<typeof Decoder>,
    batch: { readonly firstOffset: string; readonly firstTimestamp: string },
  ) => {
    readonly headers: Record<string, Buffer | null | (Buffer | null)[]>;
  };
  export default decodeRecord;
}

declare module 'kafkajs/src/protocol/recordBatch/record/v0/index.js' {
  const encodeRecord: (record: {
    readonly key: Buffer;
    readonly value: Buffer;
    readonly headers: Record<string, string | string[]>;
  }) => { readonly buffer: Buffer };
  export default encodeRecord;
}
