package io.coordinator.server.raft;

import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.thirdparty.io.grpc.Grpc;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands before everything that Ratis serves on the peer port (C-12). Ratis offers its clients, its administration
 * and its groups on the port of its members; this node uses them in process only, so they are refused to everybody.
 * Members are served if they show the cluster's token.
 *
 * <p>A call is refused by its headers: no message of it is taken in, so that the most a stranger can send before he is
 * turned away is one window of the connection's flow control.
 */
final class PeerPortGuard implements ServerInterceptor, GrpcServices.Customizer {
    private static final Logger LOG = LoggerFactory.getLogger(PeerPortGuard.class);
    private static final long COMPLAINT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Optional<PeerToken> token;
    private final ServerInterceptor behind;
    private final PeerConnections connections;
    private final RareComplaint strangers = new RareComplaint(LOG, COMPLAINT_NANOS, System::nanoTime);
    private final RareComplaint wrongTokens = new RareComplaint(LOG, COMPLAINT_NANOS, System::nanoTime);

    /**
     * @param token empty serves whoever can reach the port, which is then on loopback
     * @param behind what the calls of members go through next
     * @param connections whose threads serve the port
     */
    PeerPortGuard(Optional<PeerToken> token, ServerInterceptor behind, PeerConnections connections) {
        this.token = token;
        this.behind = behind;
        this.connections = connections;
    }

    /** With which a Ratis server stands behind this. */
    Parameters parameters() {
        Parameters parameters = new Parameters();
        GrpcConfigKeys.Server.setServicesCustomizer(parameters, this);
        return parameters;
    }

    @Override
    public NettyServerBuilder customize(NettyServerBuilder builder, EnumSet<GrpcServices.Type> types) {
        connections.serve(builder);
        return builder.intercept(this);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String service = String.valueOf(call.getMethodDescriptor().getServiceName());
        if (!service.equals(RaftServerProtocolServiceGrpc.SERVICE_NAME)) {
            strangers.complain("refused " + describe(call) + ": the peer port serves the members of the cluster only");
            return refuse(call, Status.PERMISSION_DENIED.withDescription("the peer port serves members only"));
        }
        if (token.isPresent() && !token.get().isShown(headers)) {
            wrongTokens.complain("refused " + describe(call)
                    + ": it showed no peer-token, or another than this node's. If that is a member of this cluster,"
                    + " give it the same peer-token and restart it");
            return refuse(call, Status.UNAUTHENTICATED.withDescription("the peer-token is missing or another"));
        }
        return behind.interceptCall(call, headers, next);
    }

    private static String describe(ServerCall<?, ?> call) {
        return call.getMethodDescriptor().getFullMethodName() + " from "
                + call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    }

    private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status) {
        call.close(status, new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
