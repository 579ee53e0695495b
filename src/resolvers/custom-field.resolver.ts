import { FieldResolver, Resolver, Root } from 'type-graphql';
import { CustomField } from '../model/custom-field.ts';

@Resolver(() => CustomField)
export class CustomFieldResolver {
  @FieldResolver(() => [String], {
    description: 'The value split at ":", where several answers were given; one value for one answer, none for null.',
  })
  values(@Root() { value }: CustomField): string[] {
    return value === null ? [] : value.split(':');
  }
}
