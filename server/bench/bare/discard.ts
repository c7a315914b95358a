import { createServer } from 'node:http';

/*
 * Bare ceiling (c): takes a request, throws its body away, answers. No program that answers HTTP in this runtime can be
 * faster. usage: node discard.ts PORT
 */
createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end('{"id":"0123456789abcdef0123456789abcdef"}');
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
