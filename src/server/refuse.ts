/** Answers with a problem, and never with what the request held. */
import type { FastifyReply } from 'fastify';
import type { Problem } from '../base/problem.ts';
import { fail } from '../base/result.ts';
import { httpStatus } from './http-status.ts';

export async function refuse(
  reply: FastifyReply,
  problem: Problem,
  status: number = httpStatus(problem.kind),
): Promise<FastifyReply> {
  return await reply.code(status).header('cache-control', 'no-store').send({ problem });
}

export async function refuseStranger(
  reply: FastifyReply,
  hint = 'print a token on the server: portreeve web login',
): Promise<FastifyReply> {
  return await refuse(
    reply,
    fail('permission', 'cannot answer: you must be logged in: you are not', { hint }).problem,
    401,
  );
}

export async function refuseUnknown(reply: FastifyReply): Promise<FastifyReply> {
  return await refuse(reply, fail('no', 'cannot answer the request: there is nothing of that name').problem);
}
