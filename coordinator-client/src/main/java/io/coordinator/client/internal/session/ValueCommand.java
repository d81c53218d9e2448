package io.coordinator.client.internal.session;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Reply;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A command whose reply is the outcome of the call. */
public final class ValueCommand<T extends @Nullable Object> extends CommandCall {
    private final Promise<T> promise;
    private final Function<Reply, T> decoder;

    /**
     * A command.
     *
     * @param decoder reads a reply that is no error, where the promise reads
     */
    public ValueCommand(Command.Builder envelope, int bytes, Promise<T> promise, Function<Reply, T> decoder) {
        super(envelope, bytes);
        this.promise = promise;
        this.decoder = decoder;
    }

    @Override
    protected void onReply(Reply reply) {
        if (reply.hasError()) {
            promise.fail(Errors.of(reply.getError(), envelope()));
            return;
        }
        promise.succeedBy(() -> decoder.apply(reply));
    }

    @Override
    protected void onFailure(CoordinatorException why) {
        promise.fail(why);
    }

    @Override
    protected void onDeadline(CoordinatorException why) {
        promise.fail(why);
    }
}
