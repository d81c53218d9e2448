package io.coordinator.server.net;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.session.AuthToken;
import io.coordinator.server.session.Caller;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What every call must pass, whatever its method: a connection within the limits, the token (C-11), and few enough calls
 * at once. A call of one message that fails is closed with a status, and the typed refusal in its trailers. A stream is
 * let through with the {@link Entrance} that says so, because streams end with a word of their own.
 *
 * <p>The token is that of the header {@code authorization: Bearer TOKEN}. A stream may come without the header and show
 * the token in its first frame instead.
 */
final class CallGate implements ServerInterceptor {
    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    static final Metadata.Key<Error> REFUSAL = ProtoUtils.keyForProto(Error.getDefaultInstance());

    private static final Context.Key<Entrance> ENTRANCE =
            Context.keyWithDefault("entrance", new Entrance(new Caller("", false), Optional.empty()));
    private static final String SCHEME = "Bearer ";
    private static final long RETRY_AFTER_MILLIS = 100;

    private final ConnectionGate connections;
    private final AuthToken token;
    private final int callsMax;
    private final AtomicInteger calls = new AtomicInteger();

    /** @param callsMax calls of one message that may be unanswered */
    CallGate(ConnectionGate connections, AuthToken token, int callsMax) {
        this.connections = connections;
        this.token = token;
        this.callsMax = callsMax;
    }

    /**
     * What was found about a call.
     *
     * @param refusal why it must end, if it must
     */
    record Entrance(Caller caller, Optional<Error> refusal) {
        /** Of the call that this thread begins. */
        static Entrance current() {
            return ENTRANCE.get();
        }
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        String shown = headers.get(AUTHORIZATION);
        boolean authenticated = !token.isRequired() || (shown != null && matches(shown));
        boolean stream = !call.getMethodDescriptor().getType().clientSendsOneMessage();
        Optional<Error> refusal = connections.refusal(remote);
        if (refusal.isEmpty() && !authenticated && (!stream || shown != null)) {
            refusal = Optional.of(error(ErrorCode.EAUTH, "wrong or missing auth token"));
        }
        if (stream) {
            Entrance entrance = new Entrance(new Caller(host(remote), authenticated), refusal);
            return Contexts.interceptCall(Context.current().withValue(ENTRANCE, entrance), call, headers, next);
        }
        InboundMeter.current().ifPresent(meter -> meter.onRefusal(error -> refuse(call, error)));
        return refusal.isPresent() ? refuse(call, refusal.get()) : new Counted<>(call, next.startCall(call, headers));
    }

    private boolean matches(String shown) {
        return shown.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && token.matches(shown.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8));
    }

    private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Error error) {
        Metadata trailers = new Metadata();
        trailers.put(REFUSAL, error);
        Status status = error.getCode() == ErrorCode.EAUTH ? Status.UNAUTHENTICATED : Status.RESOURCE_EXHAUSTED;
        call.close(status.withDescription(error.getMessage()), trailers);
        return new ServerCall.Listener<>() {};
    }

    /** Counts a call from the moment at which there is something to answer. */
    private final class Counted<Q> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, ?> call;
        private boolean counts;

        Counted(ServerCall<Q, ?> call, ServerCall.Listener<Q> listener) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onHalfClose() {
            if (calls.incrementAndGet() > callsMax) {
                calls.decrementAndGet();
                refuse(call, tooMany());
            } else {
                counts = true;
                super.onHalfClose();
            }
        }

        @Override
        public void onComplete() {
            leave();
            super.onComplete();
        }

        @Override
        public void onCancel() {
            leave();
            super.onCancel();
        }

        private void leave() {
            if (counts) {
                counts = false;
                calls.decrementAndGet();
            }
        }

        private Error tooMany() {
            return error(ErrorCode.EBUSY, "this node answers " + callsMax + " calls, as many as it takes; try again")
                    .toBuilder()
                    .setRetryAfterMillis(RETRY_AFTER_MILLIS)
                    .build();
        }
    }

    private static String host(SocketAddress remote) {
        return remote instanceof InetSocketAddress address
                ? address.getAddress().getHostAddress()
                : "";
    }

    private static Error error(ErrorCode code, String message) {
        return Error.newBuilder().setCode(code).setMessage(message).build();
    }
}
