package io.coordinator.client.internal.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.coordinator.client.internal.async.SerialExecutor;
import io.coordinator.client.internal.codec.JsonCodec;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells a listener of progress: what comes while it is busy is replaced by what comes later, so nothing piles up. */
final class ProgressFeed implements Consumer<ByteString> {
    private final JsonCodec json;
    private final Consumer<JsonNode> listener;
    private final SerialExecutor serial;
    private final AtomicReference<@Nullable ByteString> next = new AtomicReference<>();

    /** @param callbacks takes every task and throws nothing */
    ProgressFeed(JsonCodec json, Consumer<JsonNode> listener, Executor callbacks, String owner) {
        this.json = json;
        this.listener = listener;
        serial = new SerialExecutor(callbacks, owner);
    }

    @Override
    public void accept(ByteString report) {
        if (next.getAndSet(report) == null) {
            serial.execute(this::tell);
        }
    }

    private void tell() {
        ByteString latest = next.getAndSet(null);
        if (latest != null) {
            listener.accept(json.read(latest));
        }
    }
}
