package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.MessageReceiver;
import io.coordinator.benchmarks.harness.MessageSink;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.client.ChannelName;
import org.redisson.client.RedisClient;
import org.redisson.client.RedisClientConfig;
import org.redisson.client.RedisPubSubConnection;
import org.redisson.client.RedisPubSubListener;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.protocol.pubsub.PubSubType;

/**
 * A channel with a connection for each subscriber. They are connections below Redisson's API, where subscribers of one
 * client would share one subscription, and the server would send each message once.
 */
final class RedisFanOut implements MessageSink {
    private static final long SUBSCRIBE_SECONDS = 30;

    private final RTopic topic;
    private final RedisClient subscribers;

    private RedisFanOut(RTopic topic, RedisClient subscribers) {
        this.topic = topic;
        this.subscribers = subscribers;
    }

    static RedisFanOut open(RedissonClient redisson, String url, int count, MessageReceiver receiver) throws Exception {
        String channel = "fan-out-" + UUID.randomUUID();
        // The resolver that it would take by itself needs native transports.
        RedisClient subscribers = RedisClient.create(
                new RedisClientConfig().setAddress(url).setResolverGroup(DefaultAddressResolverGroup.INSTANCE));
        RedisFanOut fanOut = new RedisFanOut(redisson.getTopic(channel, ByteArrayCodec.INSTANCE), subscribers);
        try {
            FewAtATime.forEach(
                    IntStream.range(0, count).boxed().toList(),
                    i -> subscribers
                            .connectPubSubAsync()
                            .thenCompose(connection -> subscribe(connection, new ChannelName(channel), i, receiver)),
                    Duration.ofSeconds(SUBSCRIBE_SECONDS));
            return fanOut;
        } catch (Exception e) {
            fanOut.close();
            throw e;
        }
    }

    private static CompletionStage<Void> subscribe(
            RedisPubSubConnection connection, ChannelName channel, int subscriber, MessageReceiver receiver) {
        CompletableFuture<Void> subscribed = new CompletableFuture<>();
        connection.addListener(channel, new RedisPubSubListener<byte[]>() {
            @Override
            public void onMessage(CharSequence from, byte[] message) {
                receiver.received(subscriber, message);
            }

            @Override
            public void onStatus(PubSubType type, CharSequence of) {
                if (type == PubSubType.SUBSCRIBE) {
                    subscribed.complete(null);
                }
            }
        });
        var unused = connection.subscribe(ByteArrayCodec.INSTANCE, channel);
        return subscribed.orTimeout(SUBSCRIBE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> publish(byte[] message) {
        return topic.publishAsync(message);
    }

    @Override
    public void close() {
        subscribers.shutdown();
    }
}
