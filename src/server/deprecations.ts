import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  type OperationDefinitionNode,
  separateOperations,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { AnswerStep } from './answer-steps.ts';

/** How every deprecation ends; the day itself is the last on which what is deprecated still works. */
export const REMOVAL = /\. Removed after (\d{4}-\d{2}-\d{2})\.$/;

/** Names what of the schema an operation uses that will be removed, by its schema coordinates. */
export const DEPRECATED_FIELDS_HEADER = 'x-deprecated-fields';

interface Notice {
  /** e.g. `Customer.oldName, Query.customers(sort:)` */
  readonly coordinates: string;
  /** When the first of them stops working (RFC 8594). */
  readonly sunset: string | undefined;
}

/**
 * Tells clients in headers what will be removed, and when. Read once for each operation, from the document alone: what
 * stands in a variable is not looked at. There is no `Deprecation` header (RFC 9745): it tells since when, which a schema
 * doesn't keep.
 */
export function tellDeprecations(schema: GraphQLSchema): AnswerStep {
  const known = new WeakMap<OperationDefinitionNode, Notice | 'NONE'>();

  function noticeOf(document: DocumentNode, operation: OperationDefinitionNode): Notice | 'NONE' {
    let notice = known.get(operation);
    if (notice === undefined) {
      notice = readNotice(schema, separateOperations(document)[operation.name?.value ?? ''] ?? document);
      known.set(operation, notice);
    }
    return notice;
  }

  return ({ document, operation, response: { http } }) => {
    const notice = document && operation ? noticeOf(document, operation) : 'NONE';
    if (notice === 'NONE') return;
    http.headers.set(DEPRECATED_FIELDS_HEADER, notice.coordinates);
    if (notice.sunset !== undefined) http.headers.set('sunset', notice.sunset);
  };
}

function readNotice(schema: GraphQLSchema, document: DocumentNode): Notice | 'NONE' {
  const reasons = new Map<string, string>();
  function note(coordinate: string, reason: string | null | undefined): void {
    if (reason) reasons.set(coordinate, reason);
  }

  const typeInfo = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field() {
        const field = typeInfo.getFieldDef();
        if (field) note(`${typeInfo.getParentType()}.${field.name}`, field.deprecationReason);
      },
      Argument() {
        const [argument, field, directive] = [typeInfo.getArgument(), typeInfo.getFieldDef(), typeInfo.getDirective()];
        const owner = directive ? `@${directive.name}` : `${typeInfo.getParentType()}.${field?.name}`;
        if (argument) note(`${owner}(${argument.name}:)`, argument.deprecationReason);
      },
      ObjectField({ name }) {
        const type = getNamedType(typeInfo.getParentInputType());
        const field = type && 'getFields' in type ? type.getFields()[name.value] : undefined;
        if (field) note(`${type}.${field.name}`, field.deprecationReason);
      },
      EnumValue() {
        const value = typeInfo.getEnumValue();
        if (value) note(`${getNamedType(typeInfo.getInputType())}.${value.name}`, value.deprecationReason);
      },
    }),
  );
  if (reasons.size === 0) return 'NONE';
  const [first] = [...reasons.values()].flatMap((reason) => REMOVAL.exec(reason)?.[1] ?? []).sort();
  return {
    coordinates: [...reasons.keys()].sort().join(', '),
    sunset: first === undefined ? undefined : new Date(`${first}T23:59:59Z`).toUTCString(),
  };
}
