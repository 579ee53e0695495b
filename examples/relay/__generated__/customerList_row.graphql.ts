/**
 * @generated SignedSource<<f60d0baadee1cbb24448e97f52e18808>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ReaderFragment } from 'relay-runtime';
export type CustomerStatus = "ACTIVE" | "ARCHIVED" | "CANCELLED" | "EXPIRED" | "INACTIVE" | "SUSPENDED" | "UNKNOWN" | "%future added value";
import { FragmentRefs } from "relay-runtime";
export type customerList_row$data = {
  readonly displayName: string | null | undefined;
  readonly id: string;
  readonly status: CustomerStatus;
  readonly " $fragmentType": "customerList_row";
};
export type customerList_row$key = {
  readonly " $data"?: customerList_row$data;
  readonly " $fragmentSpreads": FragmentRefs<"customerList_row">;
};

import customerListRowQuery_graphql from './customerListRowQuery.graphql';

const node: ReaderFragment = {
  "argumentDefinitions": [],
  "kind": "Fragment",
  "metadata": {
    "refetch": {
      "connection": null,
      "fragmentPathInResult": [
        "node"
      ],
      "operation": customerListRowQuery_graphql,
      "identifierInfo": {
        "identifierField": "id",
        "identifierQueryVariableName": "id"
      }
    }
  },
  "name": "customerList_row",
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "id",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "displayName",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "status",
      "storageKey": null
    }
  ],
  "type": "Customer",
  "abstractKey": null
};

(node as any).hash = "0118cc0d704a8326b3a43cc08c7cc3fa";

export default node;
