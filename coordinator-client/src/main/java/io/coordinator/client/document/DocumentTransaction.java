package io.coordinator.client.document;

import io.coordinator.client.error.ValidationException;

/**
 * The document as a transaction sees it: as it was read, with the transaction's own edits. Not safe for use by
 * several threads. Once the function has returned, edits are refused with {@link ValidationException}.
 */
public interface DocumentTransaction extends DocumentNode {
    /** The revision that was read. */
    long revision();
}
