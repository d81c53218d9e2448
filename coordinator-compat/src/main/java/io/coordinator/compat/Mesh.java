package io.coordinator.compat;

import io.coordinator.client.error.CallTimeoutException;
import io.coordinator.client.error.HandlerGoneException;
import io.coordinator.client.error.NoHandlerException;
import io.coordinator.client.error.RemoteException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.rpc.WorkerOptions;
import io.coordinator.client.topic.PublishOptions;
import io.coordinator.client.topic.SubscribeOptions;
import io.coordinator.client.topic.TopicSubscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Calls and messages between programs as procmesh has them (PM): calls with a list of arguments, workers known by their
 * name, and channels. They are the calls of {@code client.rpc()} and the topics of {@code client.topics()}, so that
 * both reach each other. Names and channels are {@linkplain io.coordinator.client names}.
 */
public interface Mesh {
    /** As {@link #register(String, MeshFunction, WorkerOptions)}, with {@link WorkerOptions#defaults()}. */
    void register(String name, MeshFunction function);

    /**
     * Serves calls of a name from now on. A client serves each name by one function: the last one (PM-RPC-1).
     *
     * @throws RequestTimeoutException if the cluster did not answer in time; nothing is served
     * @throws ValidationException if the name is none
     */
    void register(String name, MeshFunction function, WorkerOptions options);

    /**
     * Serves a name no longer; calls that run complete (PM-RPC-2).
     *
     * @return false if this mesh did not serve it
     */
    boolean unregister(String name);

    /** As {@link #call(String, List, Class, Duration)}, with the default time of 30 s. */
    <T> @Nullable T call(String name, List<?> arguments, Class<T> type);

    /**
     * Calls a function and waits for its result.
     *
     * @param arguments values that the client's mapper can write, also null
     * @param type of the result
     * @param timeout 0 or less stands for the default of 30 s; in milliseconds rounded up; over 146 years count as
     * that
     * @throws NoHandlerException if nobody serves the name (PM-RPC-5)
     * @throws RemoteException if the function failed (PM-RPC-6)
     * @throws HandlerGoneException if the worker is gone (PM-RPC-7)
     * @throws CallTimeoutException if there was no timeout, and no result in the default time (PM-RPC-9)
     * @throws RequestTimeoutException if there was no result within the timeout (PM-RPC-10)
     */
    <T> @Nullable T call(String name, List<?> arguments, Class<T> type, Duration timeout);

    /** As {@link #call(String, List, Class, Duration)}, without waiting. */
    <T> CompletionStage<@Nullable T> callAsync(String name, List<?> arguments, Class<T> type, Duration timeout);

    /** As {@link #subscribe(String, MeshHandler, SubscribeOptions)}, with {@link SubscribeOptions#defaults()}. */
    TopicSubscription subscribe(String channel, MeshHandler handler);

    /**
     * Hears the messages of a channel from now on. One handler hears each message of a channel once, however often it
     * was subscribed to it, and then keeps the options of the first time (PM-PS-4).
     *
     * @param channel one, or what channels begin with and {@code *}; anywhere else {@code *} is a character like others
     *     (PM-PS-3)
     * @return what ends it when it is closed; if the handler was subscribed before, the same as then
     * @throws RequestTimeoutException if the cluster did not answer in time; nothing is heard
     * @throws ValidationException if the channel is no name
     */
    TopicSubscription subscribe(String channel, MeshHandler handler, SubscribeOptions options);

    /**
     * Ends what all handlers of this mesh hear of a channel or pattern, which is the same text (PM-PS-5).
     *
     * @return false if there was none
     */
    boolean unsubscribe(String channel);

    /** As {@link #publish(String, Object, PublishOptions)}, counted. */
    int publish(String channel, @Nullable Object payload);

    /**
     * Publishes a message to who listens now, at most once. It is not kept for others (PM-PS-7); what must not be lost
     * goes to a durable topic of the client.
     *
     * <p>The numbers of acknowledgements are options here (PM-N-1): 0 is {@link PublishOptions#fireAndForget()}, 1 is
     * {@link PublishOptions#defaults()}, and {@code 'all'} is {@link PublishOptions#neverDropped()}, by which a
     * subscriber that is too slow is cut off instead of missing the message.
     *
     * @param payload a value that the client's mapper can write, also null
     * @return how many sessions it was queued for, not handlers (PM-PS-2); 0 if it is not counted
     * @throws RequestTimeoutException if the cluster did not answer in time; the message may be delivered
     * @throws ValidationException if the channel is no name, or the mapper cannot write the payload
     */
    int publish(String channel, @Nullable Object payload, PublishOptions options);

    /** As {@link #publish(String, Object, PublishOptions)}, without waiting. */
    CompletionStage<Integer> publishAsync(String channel, @Nullable Object payload, PublishOptions options);
}
