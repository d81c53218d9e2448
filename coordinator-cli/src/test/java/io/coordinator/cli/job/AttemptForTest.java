package io.coordinator.cli.job;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.Json;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.job.JobContext;
import io.coordinator.client.job.StepFunction;
import io.coordinator.client.transaction.Transaction;
import io.coordinator.client.transaction.TransactionResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An attempt of a test's own. Takes no result whose JSON has more than a million characters. */
final class AttemptForTest implements JobContext {
    private static final int RESULT_MAX = 1_000_000;

    final CompletableFuture<@Nullable Void> cancelled = new CompletableFuture<>();
    final List<JsonNode> results = new ArrayList<>();
    JsonNode payload = Json.parse("{\"n\":1.50,\"text\":\"\u00e4\"}");
    Optional<Duration> remaining = Optional.empty();

    @Override
    public void complete(@Nullable Object result) {
        JsonNode json = (JsonNode) requireNonNull(result);
        if (Json.line(json).length() > RESULT_MAX) {
            throw new PayloadTooLargeException("from the test");
        }
        results.add(json);
    }

    @Override
    public String namespace() {
        return "default";
    }

    @Override
    public String queue() {
        return "mail";
    }

    @Override
    public String id() {
        return "welcome 7";
    }

    @Override
    public JsonNode payload() {
        return payload;
    }

    @Override
    public int attempt() {
        return 2;
    }

    @Override
    public int attemptsMax() {
        return 5;
    }

    @Override
    public long token() {
        return -1;
    }

    @Override
    public String key() {
        return "k";
    }

    @Override
    public String submitter() {
        return "submitter";
    }

    @Override
    public Instant submittedAt() {
        return Instant.parse("2026-11-30T10:00:00Z");
    }

    @Override
    public Optional<Duration> remaining() {
        return remaining;
    }

    @Override
    public boolean isCancelled() {
        return cancelled.isDone();
    }

    @Override
    public void onCancel(Runnable action) {
        var unused = cancelled.thenRun(action);
    }

    // ---- what a command has no use for ----

    @Override
    public <T> @Nullable T payload(Class<T> type) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> @Nullable T payload(TypeReference<T> type) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void progress(@Nullable Object progress) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> @Nullable T step(String name, Class<T> type, StepFunction<? extends @Nullable T> function) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> CompletionStage<@Nullable T> stepAsync(
            String name, Class<T> type, StepFunction<? extends CompletionStage<? extends @Nullable T>> function) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> @Nullable T step(String name, TypeReference<T> type, StepFunction<? extends @Nullable T> function) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> CompletionStage<@Nullable T> stepAsync(
            String name,
            TypeReference<T> type,
            StepFunction<? extends CompletionStage<? extends @Nullable T>> function) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<@Nullable Void> completeAsync(@Nullable Object result) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TransactionResult complete(@Nullable Object result, Transaction writes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<TransactionResult> completeAsync(@Nullable Object result, Transaction writes) {
        throw new UnsupportedOperationException();
    }
}
