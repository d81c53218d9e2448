package io.coordinator.server.net;

import com.google.protobuf.Message;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.CallClientFrame;
import io.coordinator.protocol.CallServerFrame;
import io.coordinator.protocol.ChangeMembersReply;
import io.coordinator.protocol.ChangeMembersRequest;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.FinalizeUpgradeReply;
import io.coordinator.protocol.FinalizeUpgradeRequest;
import io.coordinator.protocol.JoinReply;
import io.coordinator.protocol.JoinRequest;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.NodeStatusRequest;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.SaveSnapshotRequest;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.SnapshotPart;
import io.coordinator.protocol.StopNodeReply;
import io.coordinator.protocol.StopNodeRequest;
import io.coordinator.protocol.TopicClientFrame;
import io.coordinator.protocol.TopicServerFrame;
import io.coordinator.protocol.TransferLeadershipReply;
import io.coordinator.protocol.TransferLeadershipRequest;
import io.coordinator.server.call.CallExchange;
import io.coordinator.server.session.ClientStream;
import io.coordinator.server.session.FrameSink;
import io.coordinator.server.session.SessionGateway;
import io.coordinator.server.session.UnaryRead;
import io.coordinator.server.side.SideStream;
import io.coordinator.server.topic.TopicExchange;
import io.coordinator.state.MessageGate;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls of coordinator/v1/wire.proto. Everything here runs on transport threads and returns at once. */
final class ClientService {
    private static final Logger LOG = LoggerFactory.getLogger(ClientService.class);
    // Told from other frames by identity.
    private static final ServerFrame UNWRITABLE_OF_SESSIONS =
            ServerFrame.newBuilder().build();
    private static final TopicServerFrame UNWRITABLE_OF_TOPICS =
            TopicServerFrame.newBuilder().build();
    private static final CallServerFrame UNWRITABLE_OF_CALLS =
            CallServerFrame.newBuilder().build();

    private final SessionGateway gateway;
    private final TopicExchange topics;
    private final CallExchange calls;
    private final NodeControl control;
    private final MessageGate gate;
    private final EventLoops loops;

    ClientService(
            SessionGateway gateway,
            TopicExchange topics,
            CallExchange calls,
            NodeControl control,
            MessageGate gate,
            EventLoops loops) {
        this.gateway = gateway;
        this.topics = topics;
        this.calls = calls;
        this.control = control;
        this.gate = gate;
        this.loops = loops;
    }

    ServerServiceDefinition definition() {
        MethodDescriptor<InboundFrame<ClientFrame>, ServerFrame> session =
                CoordinatorServiceGrpc.getSessionMethod().toBuilder(
                                new InboundFrameMarshaller<>(ClientFrame.getDefaultInstance()),
                                new OutboundFrameMarshaller<>(UNWRITABLE_OF_SESSIONS))
                        .build();
        MethodDescriptor<InboundFrame<TopicClientFrame>, TopicServerFrame> topicStream =
                CoordinatorServiceGrpc.getTopicsMethod().toBuilder(
                                new InboundFrameMarshaller<>(TopicClientFrame.getDefaultInstance()),
                                new OutboundFrameMarshaller<>(UNWRITABLE_OF_TOPICS))
                        .build();
        MethodDescriptor<InboundFrame<CallClientFrame>, CallServerFrame> callStream =
                CoordinatorServiceGrpc.getCallsMethod().toBuilder(
                                new InboundFrameMarshaller<>(CallClientFrame.getDefaultInstance()),
                                new OutboundFrameMarshaller<>(UNWRITABLE_OF_CALLS))
                        .build();
        MethodDescriptor<Query, Answer> read =
                counted(CoordinatorServiceGrpc.getReadMethod(), Query.getDefaultInstance());
        MethodDescriptor<NodeStatusRequest, NodeStatusReply> status =
                counted(CoordinatorServiceGrpc.getNodeStatusMethod(), NodeStatusRequest.getDefaultInstance());
        MethodDescriptor<TransferLeadershipRequest, TransferLeadershipReply> transfer = counted(
                CoordinatorServiceGrpc.getTransferLeadershipMethod(), TransferLeadershipRequest.getDefaultInstance());
        MethodDescriptor<FinalizeUpgradeRequest, FinalizeUpgradeReply> upgrade =
                counted(CoordinatorServiceGrpc.getFinalizeUpgradeMethod(), FinalizeUpgradeRequest.getDefaultInstance());
        MethodDescriptor<StopNodeRequest, StopNodeReply> stop =
                counted(CoordinatorServiceGrpc.getStopNodeMethod(), StopNodeRequest.getDefaultInstance());
        MethodDescriptor<SaveSnapshotRequest, SnapshotPart> save =
                counted(CoordinatorServiceGrpc.getSaveSnapshotMethod(), SaveSnapshotRequest.getDefaultInstance());
        MethodDescriptor<ChangeMembersRequest, ChangeMembersReply> change =
                counted(CoordinatorServiceGrpc.getChangeMembersMethod(), ChangeMembersRequest.getDefaultInstance());
        MethodDescriptor<JoinRequest, JoinReply> join =
                counted(CoordinatorServiceGrpc.getJoinMethod(), JoinRequest.getDefaultInstance());
        ServiceDescriptor service = ServiceDescriptor.newBuilder(CoordinatorServiceGrpc.SERVICE_NAME)
                .addMethod(session)
                .addMethod(topicStream)
                .addMethod(callStream)
                .addMethod(read)
                .addMethod(status)
                .addMethod(transfer)
                .addMethod(upgrade)
                .addMethod(stop)
                .addMethod(save)
                .addMethod(change)
                .addMethod(join)
                .build();
        return ServerServiceDefinition.builder(service)
                .addMethod(session, ServerCalls.asyncBidiStreamingCall(this::session))
                .addMethod(topicStream, ServerCalls.asyncBidiStreamingCall(this::topics))
                .addMethod(callStream, ServerCalls.asyncBidiStreamingCall(this::calls))
                .addMethod(read, ServerCalls.asyncUnaryCall(this::read))
                .addMethod(status, ServerCalls.asyncUnaryCall(this::status))
                .addMethod(transfer, ServerCalls.asyncUnaryCall(this::transfer))
                .addMethod(upgrade, ServerCalls.asyncUnaryCall(this::upgrade))
                .addMethod(stop, ServerCalls.asyncUnaryCall(this::stop))
                .addMethod(save, ServerCalls.asyncServerStreamingCall(this::save))
                .addMethod(change, ServerCalls.asyncUnaryCall(this::change))
                .addMethod(join, ServerCalls.asyncUnaryCall(this::join))
                .build();
    }

    private static <Q extends Message, A> MethodDescriptor<Q, A> counted(MethodDescriptor<Q, A> method, Q request) {
        return method.toBuilder(new CountedMarshaller<>(request), method.getResponseMarshaller())
                .build();
    }

    private StreamObserver<InboundFrame<ClientFrame>> session(StreamObserver<ServerFrame> responses) {
        ServerCallStreamObserver<ServerFrame> call = (ServerCallStreamObserver<ServerFrame>) responses;
        call.disableAutoRequest();
        CallGate.Entrance entrance = CallGate.Entrance.current();
        ClientStream stream =
                gateway.connect(new StreamSink<>(call, UNWRITABLE_OF_SESSIONS, entrance.caller(), loops.laterTurns()));
        call.setOnReadyHandler(stream::ready);
        call.setOnCancelHandler(stream::gone);
        call.setOnCloseHandler(stream::gone);
        InboundMeter.current().ifPresent(meter -> meter.onRefusal(stream::refused));
        entrance.refusal().ifPresent(stream::refused);
        return new StreamReceiver(stream, gate);
    }

    private StreamObserver<InboundFrame<TopicClientFrame>> topics(StreamObserver<TopicServerFrame> responses) {
        return beside(responses, UNWRITABLE_OF_TOPICS, topics::connect);
    }

    private StreamObserver<InboundFrame<CallClientFrame>> calls(StreamObserver<CallServerFrame> responses) {
        return beside(responses, UNWRITABLE_OF_CALLS, calls::connect);
    }

    /** A stream beside that of a session. */
    private <Q extends Message, A> StreamObserver<InboundFrame<Q>> beside(
            StreamObserver<A> responses, A unwritable, Function<FrameSink<A>, SideStream<Q, A>> exchange) {
        ServerCallStreamObserver<A> call = (ServerCallStreamObserver<A>) responses;
        call.disableAutoRequest();
        CallGate.Entrance entrance = CallGate.Entrance.current();
        SideStream<Q, A> stream =
                exchange.apply(new StreamSink<>(call, unwritable, entrance.caller(), loops.ownThread()));
        call.setOnReadyHandler(stream::ready);
        call.setOnCancelHandler(stream::gone);
        call.setOnCloseHandler(stream::gone);
        InboundMeter.current().ifPresent(meter -> meter.onRefusal(stream::refused));
        entrance.refusal().ifPresent(stream::refused);
        return new SideReceiver<>(stream);
    }

    private void read(Query query, StreamObserver<Answer> responses) {
        ServerCallStreamObserver<Answer> call = (ServerCallStreamObserver<Answer>) responses;
        UnaryRead read = gateway.read(query, answer -> answer(responses, answer));
        call.setOnCancelHandler(read::ended);
        call.setOnCloseHandler(read::ended);
        read.begin();
    }

    private void status(NodeStatusRequest request, StreamObserver<NodeStatusReply> responses) {
        var unused = control.status(request).whenComplete((status, failure) -> {
            if (failure == null) {
                answer(responses, status);
            } else {
                LOG.warn("this node could not tell how it is", failure);
                responses.onError(Status.UNAVAILABLE
                        .withDescription("this node cannot tell how it is at present")
                        .asRuntimeException());
            }
        });
    }

    private void transfer(TransferLeadershipRequest request, StreamObserver<TransferLeadershipReply> responses) {
        Optional<Error> refusal = gate.refuse(request);
        if (refusal.isPresent()) {
            answer(
                    responses,
                    TransferLeadershipReply.newBuilder().setError(refusal.get()).build());
            return;
        }
        Optional<String> to = request.getTo().isEmpty() ? Optional.empty() : Optional.of(request.getTo());
        var unused = control.transferLeadership(to).whenComplete((leader, failure) -> {
            TransferLeadershipReply.Builder reply = TransferLeadershipReply.newBuilder();
            if (failure == null) {
                reply.setLeader(leader);
            } else {
                reply.setError(refusal(failure, "leadership was not handed over"));
            }
            answer(responses, reply.build());
        });
    }

    private void upgrade(FinalizeUpgradeRequest request, StreamObserver<FinalizeUpgradeReply> responses) {
        Optional<Error> refusal = gate.refuse(request);
        if (refusal.isPresent()) {
            answer(
                    responses,
                    FinalizeUpgradeReply.newBuilder().setError(refusal.get()).build());
            return;
        }
        var unused = control.finalizeUpgrade(request).whenComplete((reply, failure) -> {
            if (failure == null) {
                answer(responses, reply);
            } else {
                Error error = refusal(failure, "it is not known whether the version was raised");
                answer(
                        responses,
                        FinalizeUpgradeReply.newBuilder().setError(error).build());
            }
        });
    }

    private void save(SaveSnapshotRequest request, StreamObserver<SnapshotPart> responses) {
        BackupSending sending =
                new BackupSending((ServerCallStreamObserver<SnapshotPart>) responses, request, gateway.outgoing());
        var unused = control.backup(request.getIndexMin()).whenComplete((backup, failure) -> {
            if (failure == null) {
                sending.begin(backup);
            } else {
                sending.refuse(failure);
            }
        });
    }

    private void stop(StopNodeRequest request, StreamObserver<StopNodeReply> responses) {
        Optional<Error> refusal = gate.refuse(request);
        if (refusal.isPresent()) {
            answer(responses, StopNodeReply.newBuilder().setError(refusal.get()).build());
            return;
        }
        var unused = control.stop(request.getNode(), request.getWholeCluster()).whenComplete((done, failure) -> {
            StopNodeReply.Builder reply = StopNodeReply.newBuilder();
            if (failure != null) {
                reply.setError(refusal(failure, "the node was not stopped"));
            }
            answer(responses, reply.build());
        });
    }

    private void change(ChangeMembersRequest request, StreamObserver<ChangeMembersReply> responses) {
        Optional<Error> refusal = gate.refuse(request);
        CompletableFuture<ChangeMembersReply> reply = refusal.isPresent()
                ? CompletableFuture.completedFuture(
                        ChangeMembersReply.newBuilder().setError(refusal.get()).build())
                : control.changeMembers(request)
                        .handle((members, failure) -> failure == null
                                ? ChangeMembersReply.newBuilder()
                                        .addAllMembers(members)
                                        .build()
                                : ChangeMembersReply.newBuilder()
                                        .setError(refusal(failure, "the members were not changed"))
                                        .build());
        var unused = reply.thenAccept(told -> answer(responses, told));
    }

    private void join(JoinRequest request, StreamObserver<JoinReply> responses) {
        Optional<Error> refusal = gate.refuse(request);
        CompletableFuture<JoinReply> reply = refusal.isPresent()
                ? CompletableFuture.completedFuture(
                        JoinReply.newBuilder().setError(refusal.get()).build())
                : control.join(request)
                        .exceptionally(failure -> JoinReply.newBuilder()
                                .setError(refusal(failure, "the node was not let in"))
                                .build());
        var unused = reply.thenAccept(told -> answer(responses, told));
    }

    private static Error refusal(Throwable failure, String undone) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RefusedException refused) {
            return refused.error();
        }
        String what = cause instanceof TimeoutException ? "it was not done in time" : String.valueOf(cause);
        return Error.newBuilder()
                .setCode(ErrorCode.EBROKER)
                .setMessage(undone + ": " + what)
                .build();
    }

    private static <T> void answer(StreamObserver<T> responses, T response) {
        if (responses instanceof ServerCallStreamObserver<T> call && call.isCancelled()) {
            return;
        }
        try {
            responses.onNext(response);
            responses.onCompleted();
        } catch (OutOfMemoryError e) {
            // Whoever answers goes on; the transport has ended the call.
            LOG.warn("no memory for an answer to a client; its call ends without one", e);
        }
    }
}
