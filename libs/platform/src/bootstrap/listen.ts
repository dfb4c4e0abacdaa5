import type { FastifyInstance } from 'fastify';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Opens the port, or rejects with a sentence that says what to do. */
export async function listen(http: FastifyInstance, address: Address): Promise<void> {
  try {
    await http.listen(address);
  } catch (cause) {
    const why = reasons[(cause as NodeJS.ErrnoException).code ?? ''];
    throw why ? new Error(why(address), { cause }) : cause;
  }
}

const reasons: Readonly<Record<string, (address: Address) => string>> = {
  EADDRINUSE: ({ host, port }) =>
    `Port ${port} of ${host} is taken: another program listens there. Stop it, or choose another port with MILLRACE_PORT.`,
  EACCES: ({ port }) =>
    `This user may not listen on port ${port}. Choose another with MILLRACE_PORT; those from 1024 on are free to all.`,
  EADDRNOTAVAIL: ({ host }) => `This machine does not have the address ${host}. Correct MILLRACE_HOST.`,
};
