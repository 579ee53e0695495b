import type { AnswerStep } from './answer-steps.ts';

/**
 * Errors below a write that was carried out say so, and name its record: what was to be shown of it may be null because of
 * them. Whatever they are, they are no reason to write again.
 */
export const tellCarriedOut: AnswerStep = ({ contextValue: { carriedOut }, response: { body } }) => {
  if (carriedOut.size === 0 || body.kind !== 'single') return;
  const { singleResult } = body;
  if (!singleResult.errors) return;
  singleResult.errors = singleResult.errors.map((error) => {
    const [field] = error.path ?? [];
    const recordId = field === undefined ? undefined : carriedOut.get(field);
    if (recordId === undefined) return error;
    return { ...error, extensions: { ...error.extensions, retryable: false, carriedOut: true, recordId } };
  });
};
