/** The name this process has in events, logs and traces. */
export const SERVICE_NAME = Symbol('ServiceName');
