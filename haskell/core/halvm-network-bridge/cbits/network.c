/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sockets, answered by HaLVM.Bridge.Network.
 */
#include <HsFFI.h>

#include <halvm/bridge.h>

/* Foreign exports. */
extern void halvm_bridge_network_socket(void *c, HsInt32 family, HsInt32 type,
					HsInt32 protocol, void *made);
extern void halvm_bridge_network_close(void *c, HsWord64 h);
extern void halvm_bridge_network_bind(void *c, HsWord64 h, const void *address,
				      HsWord32 size);
extern void halvm_bridge_network_connect(void *c, HsWord64 h,
					 const void *address, HsWord32 size);
extern void halvm_bridge_network_listen(void *c, HsWord64 h, HsInt32 backlog);
extern void halvm_bridge_network_accept(void *c, HsWord64 h, void *made,
					void *address, void *size);
extern void halvm_bridge_network_name(void *c, HsWord64 h, HsInt32 of_peer,
				      void *address, void *size);
extern void halvm_bridge_network_send(void *c, HsWord64 h, const void *from,
				      HsInt n, HsWord32 flags,
				      const void *address, HsWord32 size);
extern void halvm_bridge_network_receive(void *c, HsWord64 h, void *to, HsInt n,
					 void *flags, void *address,
					 void *size);
extern void halvm_bridge_network_shutdown(void *c, HsWord64 h, HsInt32 how);
extern void halvm_bridge_network_set_option(void *c, HsWord64 h, HsInt32 level,
					    HsInt32 name, const void *value,
					    HsWord32 size);
extern void halvm_bridge_network_get_option(void *c, HsWord64 h, HsInt32 level,
					    HsInt32 name, void *value,
					    void *size);
extern void halvm_bridge_network_wait(void *c, HsWord64 h, HsWord32 events,
				      HsInt64 timeout);

/* The body of a table's function. */
#define ANSWER(type, name, ...)                                                \
	do {                                                                   \
		struct halvm_bridge_call call;                                 \
                                                                               \
		halvm_bridge_enter(&call, HALVM_NETWORK);                      \
		halvm_bridge_network_##name(&call, __VA_ARGS__);               \
		return (type)halvm_bridge_leave(&call);                        \
	} while (0)

static int network_may_enter(void)
{
	return halvm_bridge_may_enter(HALVM_NETWORK);
}

static int network_socket(int family, int type, int protocol,
			  halvm_handle *made)
{
	ANSWER(int, socket, family, type, protocol, made);
}

static int network_close(halvm_handle h)
{
	ANSWER(int, close, h);
}

static int network_bind(halvm_handle h, const void *address, uint32_t size)
{
	ANSWER(int, bind, h, address, size);
}

static int network_connect(halvm_handle h, const void *address, uint32_t size)
{
	ANSWER(int, connect, h, address, size);
}

static int network_listen(halvm_handle h, int backlog)
{
	ANSWER(int, listen, h, backlog);
}

static int network_accept(halvm_handle h, halvm_handle *made, void *address,
			  uint32_t *size)
{
	ANSWER(int, accept, h, made, address, size);
}

static int network_name(halvm_handle h, int of_peer, void *address,
			uint32_t *size)
{
	ANSWER(int, name, h, of_peer, address, size);
}

static long network_send(halvm_handle h, const void *from, size_t n,
			 unsigned flags, const void *address, uint32_t size)
{
	ANSWER(long, send, h, from, (HsInt)n, flags, address, size);
}

static long network_receive(halvm_handle h, void *to, size_t n, unsigned *flags,
			    void *address, uint32_t *size)
{
	ANSWER(long, receive, h, to, (HsInt)n, flags, address, size);
}

static int network_shutdown(halvm_handle h, int how)
{
	ANSWER(int, shutdown, h, how);
}

static int network_set_option(halvm_handle h, int level, int name,
			      const void *value, uint32_t size)
{
	ANSWER(int, set_option, h, level, name, value, size);
}

static int network_get_option(halvm_handle h, int level, int name, void *value,
			      uint32_t *size)
{
	ANSWER(int, get_option, h, level, name, value, size);
}

static long network_wait(halvm_handle h, unsigned events, int64_t timeout)
{
	ANSWER(long, wait, h, events, timeout);
}

static const struct halvm_network_provider table = {
    .abi = HALVM_PROVIDER_ABI,
    .may_enter = network_may_enter,
    .socket = network_socket,
    .close = network_close,
    .bind = network_bind,
    .connect = network_connect,
    .listen = network_listen,
    .accept = network_accept,
    .name = network_name,
    .send = network_send,
    .receive = network_receive,
    .shutdown = network_shutdown,
    .set_option = network_set_option,
    .get_option = network_get_option,
    .wait = network_wait,
};

/* The package's ld-options name it. */
void halvm_bridge_network(void);

__attribute__((constructor)) void halvm_bridge_network(void)
{
	static int done;

	if (done++)
		return;
	halvm_bridge_provided("network", halvm_provide_network(&table));
}
