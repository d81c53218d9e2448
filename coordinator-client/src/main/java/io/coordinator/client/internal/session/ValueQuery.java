package io.coordinator.client.internal.session;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Query;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A query whose answer is the outcome of the call. */
public final class ValueQuery<T extends @Nullable Object> extends QueryCall {
    private final Promise<T> promise;
    private final Function<Answer, T> decoder;

    /**
     * A query.
     *
     * @param decoder reads an answer that is no error, where the promise reads
     */
    public ValueQuery(Query.Builder envelope, Promise<T> promise, Function<Answer, T> decoder) {
        super(envelope);
        this.promise = promise;
        this.decoder = decoder;
    }

    @Override
    protected void onAnswer(Answer answer) {
        settle(answer, decoder, promise);
    }

    @Override
    protected void onFailure(CoordinatorException why) {
        promise.fail(why);
    }

    /** Settles a promise by an answer, however that was obtained. */
    public static <T extends @Nullable Object> void settle(
            Answer answer, Function<Answer, T> decoder, Promise<T> promise) {
        if (answer.hasError()) {
            promise.fail(Errors.of(answer.getError()));
            return;
        }
        promise.succeedBy(() -> decoder.apply(answer));
    }
}
