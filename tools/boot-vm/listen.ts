// SPDX-License-Identifier: MIT
/**
 * The sockets QEMU connects to. respin listens before QEMU starts, so nothing has
 * to be waited for or tried again, and no port number can be taken already.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Listening extends AsyncDisposable {
  path(name: string): string;
  /** The connection to a name; stays pending until there is one. */
  connection(name: string): Promise<Socket>;
}

/** A folder, short enough for a socket's path (108 bytes), with a socket for each name. */
export async function listenFor(names: readonly string[]): Promise<Listening> {
  const folder = await mkdtemp(path.join(tmpdir(), 'respin-'));
  const servers: Server[] = [];
  const connections = new Map<string, Promise<Socket>>();
  const sockets = new Set<Socket>();
  for (const name of names) {
    const server = createServer();
    server.maxConnections = 1;
    servers.push(server);
    connections.set(
      name,
      new Promise((resolve) => {
        server.once('connection', (socket: Socket) => {
          sockets.add(socket);
          socket.on('error', () => {});
          resolve(socket);
        });
      }),
    );
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path.join(folder, name), () => resolve());
    });
  }
  return {
    path: (name) => path.join(folder, name),
    connection: async (name) => {
      const connection = connections.get(name);
      if (connection === undefined) throw new Error(`nothing listens for ${name}`);
      return await connection;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      for (const server of servers) server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
