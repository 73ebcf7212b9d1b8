// SPDX-License-Identifier: MIT
/**
 * The sockets QEMU connects to. respin listens before QEMU starts, so nothing has
 * to be waited for or tried again, and no port number can be taken already.
 */
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { listenOn, temporaryFolder } from '../../system/temporary-folder.ts';

export interface Listening extends AsyncDisposable {
  path(name: string): string;
  /** The connection to a name; stays pending until there is one. */
  connection(name: string): Promise<Socket>;
}

/**
 * A folder, short enough for a socket's path (108 bytes), with a socket for each name.
 * @throws RespinError TEMPORARY_FOLDER (machine)
 */
export async function listenFor(names: readonly string[]): Promise<Listening> {
  const folder = await temporaryFolder();
  const servers: Server[] = [];
  const connections = new Map<string, Promise<Socket>>();
  const sockets = new Set<Socket>();
  const end = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
    await folder[Symbol.asyncDispose]();
  };
  try {
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
      await listenOn(server, path.join(folder.path, name));
    }
  } catch (error) {
    await end();
    throw error;
  }
  return {
    path: (name) => path.join(folder.path, name),
    connection: async (name) => {
      const connection = connections.get(name);
      if (connection === undefined) throw new Error(`nothing listens for ${name}`);
      return await connection;
    },
    [Symbol.asyncDispose]: end,
  };
}
