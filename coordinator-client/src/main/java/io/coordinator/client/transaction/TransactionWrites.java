package io.coordinator.client.transaction;

import io.coordinator.client.cache.Cache;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.document.Document;
import io.coordinator.client.document.DocumentBatch;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.client.topic.DurableTopic;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects the writes of one branch of a {@link Transaction}.
 *
 * <p>Keys and ids are <a href="../package-summary.html#names">names</a>, refused at once with
 * {@link ValidationException} if they are bad.
 */
public interface TransactionWrites {
    /** See {@link Cache#put(String, Object)}. */
    TransactionWrites put(String key, @Nullable Object value);

    /** See {@link Cache#put(String, Object, PutOptions)}. */
    TransactionWrites put(String key, @Nullable Object value, PutOptions options);

    /** See {@link Cache#delete}. */
    TransactionWrites delete(String key);

    /** See {@link Cache#increment(String, long)}. */
    TransactionWrites increment(String key, long by);

    /** See {@link DurableTopic#publish(Object)}: the message is published if the transaction is applied. */
    TransactionWrites publish(String topic, @Nullable Object value);

    /** See {@link DurableTopic#publish(String, Object)}. */
    TransactionWrites publish(String topic, String key, @Nullable Object value);

    /** See {@link JobQueue#submit(Object)}: the job is submitted if the transaction is applied. */
    TransactionWrites submit(String queue, @Nullable Object payload);

    /** See {@link JobQueue#submit(Object, SubmitOptions)}. */
    TransactionWrites submit(String queue, @Nullable Object payload, SubmitOptions options);

    /** See {@link Document#batch}; the document must exist, and each edit must fit. */
    TransactionWrites edit(String id, Consumer<DocumentBatch> edits);
}
