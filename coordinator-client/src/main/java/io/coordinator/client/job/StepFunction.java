package io.coordinator.client.job;

import org.jspecify.annotations.Nullable;

/**
 * One step of a job; user code.
 *
 * @param <T> what it makes, or a {@link java.util.concurrent.CompletionStage} of that where stages are asked for
 */
@FunctionalInterface
public interface StepFunction<T extends @Nullable Object> {
    /**
     * Does the step. It may have been done by an attempt that could not record it any more.
     *
     * @param idempotencyKey the same in every attempt at the job, and another one for each step: for services that do
     *     what they are asked once for each key
     * @throws Exception the step is not recorded; what is thrown is thrown to the handler
     */
    T run(String idempotencyKey) throws Exception;
}
