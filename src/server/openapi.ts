/** The OpenAPI 3.1 document of a table of routes; its schemas are those that requests are read by. */
import { z } from 'zod';
import type { Route } from './route.ts';

export function openapi(routes: readonly Route[], version: string): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const one of routes) {
    paths[one.path] = { ...paths[one.path], [one.method.toLowerCase()]: operation(one) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Portreeve',
      version,
      description: 'What the page shows and does. All routes need a login.',
    },
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'portreeve' } },
      schemas: { Problem: problemSchema },
    },
    security: [{ session: [] }],
    paths,
  };
}

function operation({ says, query, body, answer, method }: Route): Readonly<Record<string, unknown>> {
  const properties =
    query === undefined ? {} : ((jsonSchema(query, 'input')['properties'] as object | undefined) ?? {});
  return {
    summary: says,
    ...(query === undefined
      ? {}
      : {
          parameters: Object.entries(properties).map(([name, schema]) => ({
            name,
            in: 'query',
            schema: schema as unknown,
          })),
        }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: jsonSchema(body, 'input') } },
          },
        }),
    responses: {
      200: { description: 'done', content: { 'application/json': { schema: jsonSchema(answer, 'output') } } },
      default: {
        description: `a problem${method === 'POST' ? '; nothing was done' : ''}`,
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Readonly<Record<string, unknown>> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

const problemSchema = {
  type: 'object',
  required: ['problem'],
  properties: {
    problem: {
      type: 'object',
      required: ['kind', 'message'],
      properties: {
        kind: { type: 'string' },
        message: { type: 'string' },
        hint: { type: 'string' },
        path: { type: 'string' },
      },
    },
  },
};
