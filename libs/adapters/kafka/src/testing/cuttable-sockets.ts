import { connect, type Socket } from 'node:net';
import type { ISocketFactory } from 'kafkajs';

/** The sockets of one client, to cut it off from Kafka as the test wants. */
export class CuttableSockets {
  private readonly sockets = new Set<Socket>();
  private isCut = false;
  private isFrozen = false;

  readonly factory: ISocketFactory = ({ host, port, onConnect }) => {
    // Nothing listens at port 1.
    const socket = this.isCut ? connect({ host: '127.0.0.1', port: 1 }) : connect({ host, port }, onConnect);
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    if (this.isFrozen) socket.pause();
    return socket;
  };

  /** Drops all connections; new ones are refused until `restore`. To Kafka it looks as if the process had been killed. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy(new Error('cut off by the test'));
  }

  /** No answers arrive any more, as when the network swallows them. After `restore` they do for new connections only. */
  freeze(): void {
    this.isFrozen = true;
    for (const socket of this.sockets) socket.pause();
  }

  restore(): void {
    this.isCut = this.isFrozen = false;
  }
}
