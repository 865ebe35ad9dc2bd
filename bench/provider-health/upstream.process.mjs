// A provider that serves at once.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { answer } from '../answers.mjs';

const server = createServer((_request, response) => response.end('{"ok":true}'));
server.listen(0, '127.0.0.1');
await once(server, 'listening');

answer({ url: () => `http://127.0.0.1:${server.address().port}/` });
