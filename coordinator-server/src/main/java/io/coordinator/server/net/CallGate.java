package io.coordinator.server.net;

import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.session.AuthToken;
import io.coordinator.server.session.Caller;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What every call must pass, whatever its method: a connection within the limits, the token (C-11), and few enough
 * calls at once. A call of one message that fails is closed with a status, and the typed refusal in its trailers. A
 * stream is let through with the {@link Entrance} that says so, because streams end with a word of their own.
 *
 * <p>The token is that of the header {@code authorization: Bearer TOKEN}. A stream may come without the header and show
 * the token in its first frame instead.
 *
 * <p>Members ask each other for their status here, for what they answer decides what the cluster may take. They are let
 * through whatever clients do: past the bounds of calls, and of connections as long as one too many is told why.
 */
final class CallGate implements ServerInterceptor {
    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final Context.Key<Entrance> ENTRANCE =
            Context.keyWithDefault("entrance", new Entrance(new Caller("", false), Optional.empty()));
    private static final String SCHEME = "Bearer ";
    private static final String STATUS =
            CoordinatorServiceGrpc.getNodeStatusMethod().getFullMethodName();
    private static final String JOIN = CoordinatorServiceGrpc.getJoinMethod().getFullMethodName();

    private final ConnectionGate connections;
    private final AuthToken token;
    private final Optional<MemberProof> members;
    private final OpenCalls calls;

    CallGate(ConnectionGate connections, AuthToken token, Optional<MemberProof> members, OpenCalls calls) {
        this.connections = connections;
        this.token = token;
        this.members = members;
        this.calls = calls;
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
        boolean ofMember = isAskedByMember(call, headers);
        Optional<Error> refusal = ofMember ? Optional.empty() : connections.refusal(remote);
        if (refusal.isEmpty() && !authenticated && (!stream || shown != null)) {
            refusal = Optional.of(error(ErrorCode.EAUTH, "wrong or missing auth token"));
        }
        if (refusal.isEmpty() && !ofMember && members.isPresent() && isJoin(call)) {
            refusal = Optional.of(error(ErrorCode.EAUTH, "only who has the peer-token can be let in"));
        }
        if (stream) {
            Entrance entrance = new Entrance(new Caller(host(remote), authenticated), refusal);
            return Contexts.interceptCall(Context.current().withValue(ENTRANCE, entrance), call, headers, next);
        }
        Optional<InboundMeter> meter = InboundMeter.current();
        UnaryCall<Q, A> unary = new UnaryCall<>(call, calls, () -> meter.ifPresent(InboundMeter::cut));
        meter.ifPresent(measured -> measured.onRefusal(unary::refuse));
        Optional<Error> end = ofMember ? refusal : refusal.or(() -> calls.enter(unary, remote));
        if (end.isPresent()) {
            unary.refuse(end.get());
            return new ServerCall.Listener<>() {};
        }
        return begin(unary, headers, next);
    }

    private <Q, A> ServerCall.Listener<Q> begin(UnaryCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        boolean begun = false;
        try {
            ServerCall.Listener<Q> listener = call.hear(next.startCall(call, headers));
            begun = true;
            return listener;
        } finally {
            if (!begun) {
                calls.leave(call);
            }
        }
    }

    private boolean isAskedByMember(ServerCall<?, ?> call, Metadata headers) {
        return members.isPresent()
                && (STATUS.equals(call.getMethodDescriptor().getFullMethodName()) || isJoin(call))
                && members.get().isShown(headers);
    }

    private static boolean isJoin(ServerCall<?, ?> call) {
        return JOIN.equals(call.getMethodDescriptor().getFullMethodName());
    }

    private boolean matches(String shown) {
        return shown.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && token.matches(shown.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8));
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
