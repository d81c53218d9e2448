package io.coordinator.client.internal.rpc;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.google.protobuf.ByteString;
import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.rpc.AsyncRpc;
import io.coordinator.client.rpc.CallOptions;
import io.coordinator.client.rpc.ProcedurePage;
import io.coordinator.client.rpc.ProcedureStatus;
import io.coordinator.client.rpc.RpcHandler;
import io.coordinator.client.rpc.RpcWorker;
import io.coordinator.client.rpc.WorkerOptions;
import io.coordinator.protocol.CallProcedure;
import io.coordinator.protocol.EphemeralCall;
import io.coordinator.protocol.InspectProcedure;
import io.coordinator.protocol.ListProcedures;
import io.coordinator.protocol.RpcQuery;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Calls and workers of one namespace. */
public final class RpcCalls implements AsyncRpc {
    private final Calls calls;
    private final ServedNames served;
    private final String namespace;

    /**
     * Calls of a namespace.
     *
     * @param calls without a guard
     * @param served what this client serves, in all namespaces
     */
    public RpcCalls(Calls calls, ServedNames served, String namespace) {
        this.calls = calls;
        this.served = served;
        this.namespace = Calls.checkName("namespace", namespace);
    }

    @Override
    public String namespace() {
        return namespace;
    }

    // ---- calls ----

    @Override
    public <T> Promise<@Nullable T> call(String name, @Nullable Object arguments, Class<T> type) {
        return call(name, arguments, type, CallOptions.defaults());
    }

    @Override
    public <T> Promise<@Nullable T> call(String name, @Nullable Object arguments, Class<T> type, CallOptions options) {
        return call(name, arguments, calls.json().type(type), options);
    }

    @Override
    public <T> Promise<@Nullable T> call(
            String name, @Nullable Object arguments, TypeReference<T> type, CallOptions options) {
        return call(name, arguments, calls.json().type(type), options);
    }

    /** As the public ones, with any type. */
    <T> Promise<@Nullable T> call(String name, @Nullable Object arguments, JavaType type, CallOptions options) {
        Promise<@Nullable T> promise = calls.reading().promises().make();
        try {
            ProcedureId procedure = new ProcedureId(namespace, name);
            ByteString json = calls.json().write(arguments);
            Function<ByteString, @Nullable T> reader = result -> calls.json().<@Nullable T>read(result, type);
            if (options.isEphemeral()) {
                submit(ephemeral(procedure, json, options, reader, promise));
            } else {
                submit(request(procedure, json, options, reader, promise), promise);
            }
        } catch (Throwable e) { // of the user's serializers, anything
            promise.fail(e);
        }
        return promise;
    }

    private <T> CallRequest<T> request(
            ProcedureId procedure,
            ByteString arguments,
            CallOptions options,
            Function<ByteString, @Nullable T> reader,
            Promise<@Nullable T> promise) {
        CallProcedure.Builder call = CallProcedure.newBuilder()
                .setArguments(arguments)
                .setTimeoutMillis(options.timeout().map(Times::millis).orElse(0L))
                .setWaitForWorkerMillis(workerWaitMillis(options))
                .setIdempotent(options.isIdempotent());
        return new CallRequest<>(
                calls.channel(),
                failures(procedure, options),
                ProcedureId.envelope(procedure.command().setCall(call)),
                promise,
                reader,
                progress(procedure, options));
    }

    private <T> void submit(CallRequest<T> request, Promise<@Nullable T> promise) {
        calls.channel().submit(request, request.patienceNanos(calls.timeout()));
        promise.onCancel(request::cancel);
    }

    private <T> EphemeralRequest<T> ephemeral(
            ProcedureId procedure,
            ByteString arguments,
            CallOptions options,
            Function<ByteString, @Nullable T> reader,
            Promise<@Nullable T> promise) {
        EphemeralCall.Builder call = EphemeralCall.newBuilder()
                .setNamespace(namespace)
                .setName(procedure.name())
                .setArguments(arguments)
                .setWaitForWorkerMillis(workerWaitMillis(options))
                .setIdempotent(options.isIdempotent());
        CallFailures failures = failures(procedure, options);
        return new EphemeralRequest<>(
                served.ephemeral().calls(),
                failures,
                call,
                calls.channel().loop().deadlineIn(Times.nanos(failures.time())),
                promise,
                reader,
                progress(procedure, options));
    }

    private void submit(EphemeralRequest<?> call) {
        served.ephemeral().calls().admit(call);
        served.ephemeral().call(call);
    }

    private static long workerWaitMillis(CallOptions options) {
        return options.workerWait().map(Times::millis).orElse(-1L);
    }

    private static CallFailures failures(ProcedureId procedure, CallOptions options) {
        return new CallFailures(procedure, options.timeout().orElse(null));
    }

    private Consumer<ByteString> progress(ProcedureId procedure, CallOptions options) {
        return options.progressListener()
                .<Consumer<ByteString>>map(listener -> new ProgressFeed(
                        calls.json(), listener, served.callbacks(), "The progress listener of " + procedure))
                .orElse(report -> {});
    }

    @Override
    public <T> T proxy(Class<T> type) {
        return proxy(type, CallOptions.defaults());
    }

    @Override
    public <T> T proxy(Class<T> type, CallOptions options) {
        return CallProxy.of(this, new StubInterface<>(type, calls.json()), Objects.requireNonNull(options, "options"));
    }

    // ---- workers ----

    @Override
    public Promise<RpcWorker> register(String name, RpcHandler handler) {
        return register(name, handler, WorkerOptions.defaults());
    }

    @Override
    public Promise<RpcWorker> register(String name, RpcHandler handler, WorkerOptions options) {
        Objects.requireNonNull(handler, "handler");
        Objects.requireNonNull(options, "options");
        return calls.promises().attempt(() -> served.serve(calls, new ProcedureId(namespace, name), handler, options));
    }

    @Override
    public <T> Promise<RpcWorker> serve(Class<T> type, T implementation) {
        return serve(type, implementation, WorkerOptions.defaults());
    }

    @Override
    public <T> Promise<RpcWorker> serve(Class<T> type, T implementation, WorkerOptions options) {
        Objects.requireNonNull(implementation, "implementation");
        return calls.promises().attempt(() -> {
            StubInterface<T> stub = new StubInterface<>(type, calls.json());
            return register(stub.name(), new ServedObject<>(stub, implementation, calls.json()), options);
        });
    }

    // ---- what there is ----

    @Override
    public Promise<ProcedurePage> list(String prefix, String after, int limit) {
        return calls.reading()
                .query(
                        ProcedureId.TYPE,
                        () -> {
                            Arguments.positive("limit", limit);
                            return RpcQuery.newBuilder()
                                    .setNamespace(namespace)
                                    .setList(ListProcedures.newBuilder()
                                            .setPrefix(Text.prefix("prefix", prefix))
                                            .setAfterNamespace(after.isEmpty() ? "" : namespace)
                                            .setAfterName(Text.prefix("after", after))
                                            .setLimit(limit))
                                    .build();
                        },
                        answer -> ProcedureViews.page(answer.getRpc().getList()));
    }

    @Override
    public Promise<Optional<ProcedureStatus>> inspect(String name) {
        return calls.reading()
                .query(
                        ProcedureId.TYPE,
                        () -> new ProcedureId(namespace, name)
                                .query()
                                .setInspect(InspectProcedure.getDefaultInstance())
                                .build(),
                        answer -> answer.getRpc().getInspection().getExists()
                                ? Optional.of(
                                        ProcedureViews.status(answer.getRpc().getInspection()))
                                : Optional.empty());
    }
}
