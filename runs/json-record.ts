// SPDX-License-Identifier: MIT
/** A file of JSON that must have a schema of ours. */
import type { z } from 'zod';

interface Expected<T extends z.ZodType> {
  /** `run.json`, in messages. */
  file: string;
  /** What its `schema` must say. */
  schema: string;
  shape: T;
}

/** What it holds, or what is wrong with it in one line. */
export function readJsonAs<T extends z.ZodType>(
  json: string,
  { file, schema, shape }: Expected<T>,
): { value: z.infer<T> } | { trouble: string } {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { trouble: `${file} is not JSON` };
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  const said = (value as { schema?: unknown } | null)?.schema;
  if (typeof said === 'string' && said !== schema)
    return { trouble: `${file} has the schema ${said.slice(0, 40)}; this respin reads ${schema}` };
  const issue = parsed.error.issues[0];
  return {
    trouble: `${file}: ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'not a record'}`,
  };
}
