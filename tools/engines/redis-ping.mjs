import net from 'node:net';
import tls from 'node:tls';

const PATIENCE_MS = 5000;

/** Resolves when the Redis behind a URL answers PING; rejects with the reason when it does not. */
export function pingRedis(url) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const address = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
  const secret = decodeURIComponent(password);
  const auth = username ? ['AUTH', decodeURIComponent(username), secret] : ['AUTH', secret];
  const commands = password ? [auth, ['PING']] : [['PING']];
  return new Promise((resolve, reject) => {
    const socket =
      protocol === 'rediss:' ? tls.connect({ ...address, servername: address.host }) : net.connect(address);
    const fail = (error) => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(PATIENCE_MS, () => fail(new Error(`no answer within ${PATIENCE_MS / 1000} s`)));
    socket.once('error', fail);
    socket.once('close', () => reject(new Error('the connection was closed')));
    socket.write(commands.map(encode).join(''));
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes;
      const lines = answer.split('\r\n').slice(0, -1);
      const refusal = lines.find((line) => line.startsWith('-'));
      if (refusal) fail(new Error(refusal.slice(1)));
      else if (lines.length === commands.length) resolve(socket.end());
    });
  });
}

function encode(words) {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}
