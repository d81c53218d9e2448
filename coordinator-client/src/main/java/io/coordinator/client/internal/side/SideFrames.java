package io.coordinator.client.internal.side;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.TopicHello;
import io.grpc.MethodDescriptor;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What the frames of one kind of stream have in common with those of others.
 *
 * @param <Q> frames to a node
 * @param <A> frames from a node
 * @param what what people call such a stream
 * @param method that opens one
 * @param hello makes the first frame
 * @param isWelcome whether a frame welcomes this client
 * @param isGoodbye whether a frame is the last one
 * @param goodbye why, if it is
 */
public record SideFrames<Q, A>(
        String what,
        MethodDescriptor<Q, A> method,
        Function<TopicHello, Q> hello,
        Predicate<A> isWelcome,
        Predicate<A> isGoodbye,
        Function<A, Error> goodbye) {}
