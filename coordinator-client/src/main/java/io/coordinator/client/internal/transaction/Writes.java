package io.coordinator.client.internal.transaction;

import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.document.DocumentBatch;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.document.EditBatch;
import io.coordinator.client.internal.durable.MessageBatches;
import io.coordinator.client.internal.job.JobMessages;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.client.topic.NewMessage;
import io.coordinator.client.transaction.TransactionWrites;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DeleteValue;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.EditDocument;
import io.coordinator.protocol.Increment;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.TopicCommand;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes as commands without sessions. */
final class Writes implements TransactionWrites {
    private final String namespace;
    private final JsonCodec json;
    private final List<Command> commands;

    /** @param commands where they are added */
    Writes(String namespace, JsonCodec json, List<Command> commands) {
        this.namespace = namespace;
        this.json = json;
        this.commands = commands;
    }

    @Override
    public TransactionWrites put(String key, @Nullable Object value) {
        return put(key, value, PutOptions.defaults());
    }

    @Override
    public TransactionWrites put(String key, @Nullable Object value, PutOptions options) {
        PutValue.Builder put = PutValue.newBuilder()
                .setValue(json.write(value))
                .setKeepTtl(options.keepsTtl())
                .setSliding(options.slides());
        options.expiry().ifPresent(ttl -> put.setTtlMillis(Times.millis(ttl)));
        return cache(key, body -> body.setPut(put));
    }

    @Override
    public TransactionWrites delete(String key) {
        return cache(key, body -> body.setDelete(DeleteValue.getDefaultInstance()));
    }

    @Override
    public TransactionWrites increment(String key, long by) {
        return cache(key, body -> body.setIncrement(Increment.newBuilder().setBy(by)));
    }

    @Override
    public TransactionWrites edit(String id, Consumer<DocumentBatch> edits) {
        commands.add(Command.newBuilder()
                .setDocument(DocumentCommand.newBuilder()
                        .setNamespace(namespace)
                        .setId(Calls.checkName("id", id))
                        .setEdit(EditDocument.newBuilder().addAllEdits(EditBatch.collect(json, edits))))
                .build());
        return this;
    }

    @Override
    public TransactionWrites publish(String topic, @Nullable Object value) {
        return publish(topic, "", value);
    }

    @Override
    public TransactionWrites publish(String topic, String key, @Nullable Object value) {
        commands.add(Command.newBuilder()
                .setTopic(TopicCommand.newBuilder()
                        .setNamespace(namespace)
                        .setTopic(Calls.checkName("topic", topic))
                        .setPublish(MessageBatches.of(List.of(new NewMessage(key, value)), json)))
                .build());
        return this;
    }

    @Override
    public TransactionWrites submit(String queue, @Nullable Object payload) {
        return submit(queue, payload, SubmitOptions.defaults());
    }

    @Override
    public TransactionWrites submit(String queue, @Nullable Object payload, SubmitOptions options) {
        commands.add(JobMessages.submission(namespace, queue, payload, options, json));
        return this;
    }

    private TransactionWrites cache(String key, Consumer<CacheCommand.Builder> operation) {
        CacheCommand.Builder body =
                CacheCommand.newBuilder().setNamespace(namespace).setKey(Calls.checkName("key", key));
        operation.accept(body);
        commands.add(Command.newBuilder().setCache(body).build());
        return this;
    }
}
